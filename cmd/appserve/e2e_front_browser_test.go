package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// browsedCoffeehouse tells browsers to ask again for every file, so that what
// they know is confirmed with 304.
const browsedCoffeehouse = `
appserve {
  allow_root      = true
  spool_directory = "$FOLDER/spool"
}
log {
  access_log { format = "$protocol $status $request_uri" }
}
listener "https" {
  address = "$ADDRESS"
  tls {
    certificate = "$FOLDER/site.crt"
    key         = "$FOLDER/site.key"
  }
}
pool "django" {
  app       = "coffeehouse.wsgi:application"
  chdir     = "$EXAMPLES/coffeehouse"
  python    = "$PYTHON"
  processes = 1
  threads   = 2
  env = {
    APPSERVE_E2E         = "$FOLDER"
    COFFEEHOUSE_DATABASE = "$FOLDER/data/coffeehouse.sqlite3"
    COFFEEHOUSE_STATIC   = "$FOLDER/data/static"
    COFFEEHOUSE_MEDIA    = "$FOLDER/data/media"
  }
}
site "coffeehouse" {
  compress { types = ["text/*"] }
  location "/static/" {
    static {
      directory     = "$FOLDER/data/static"
      cache_control = "no-cache"
      immutable     = "off"
    }
  }
  location "/" { pass = pool.django }
}
`

// TestFront_BrowserVisitsTheCoffeehouse: a real browser finds nothing to
// complain about, over HTTPS and HTTP/2.
func TestFront_BrowserVisitsTheCoffeehouse(t *testing.T) {
	t.Parallel()
	needProgram(t, "chromium-headless-shell")
	s := newSecure(t)
	s.prepareCoffeehouse()
	s.configure(withExamples(t, browsedCoffeehouse))
	s.start()
	s.waitLog(`appserve: serving`)

	b := startBrowser(t, publicKeyPin(t, filepath.Join(s.folder, "site.crt")))
	b.loads("Page.navigate", map[string]any{"url": s.url("/")})
	b.checkPage("Our stores")
	b.loads("Page.navigate", map[string]any{"url": s.url("/stores/harbour/")})
	b.checkPage("Order")
	b.loads("Runtime.evaluate", map[string]any{"expression": "history.back()"})
	b.checkPage("Our stores")
	b.loads("Page.reload", nil)
	b.checkPage("Our stores")
	b.loads("Page.navigate", map[string]any{"url": s.url("/admin/login/")})
	b.checkPage("Log in")

	b.checkRequests(s.url("/"))
	for _, kind := range []string{"Network.loadingFailed", "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"} {
		events, _ := b.happened(kind)
		for _, event := range events {
			t.Errorf("%s: %s", kind, event)
		}
	}
	s.checkRevalidated()
}

// checkPage looks for a text, and for images and fonts that did not load.
func (b *browser) checkPage(says string) {
	b.t.Helper()
	if text := b.evaluate("document.documentElement.innerText + [...document.querySelectorAll('input[type=submit]')].map(i => i.value)"); !strings.Contains(text, says) {
		b.t.Errorf("the page does not say %q:\n%s", says, text)
	}
	if broken := b.evaluate("[...document.images].filter(i => !i.complete || i.naturalWidth == 0).map(i => i.src).join()"); broken != "" {
		b.t.Errorf("images did not load: %s", broken)
	}
	if fonts := b.evaluate("[...document.fonts].map(f => f.family.replaceAll('\"', '') + ' ' + f.status).join()"); fonts != "Receipt loaded" {
		b.t.Errorf("fonts: %q, want %q", fonts, "Receipt loaded")
	}
}

// checkRequests judges everything that the pages fetched.
func (b *browser) checkRequests(origin string) {
	b.t.Helper()
	responses, _ := b.happened("Network.responseReceived")
	kinds := map[string]int{}
	for _, params := range responses {
		var received struct {
			Type     string
			Response struct {
				URL, Protocol, SecurityState string
				Status                       int
			}
		}
		if err := json.Unmarshal(params, &received); err != nil {
			b.t.Fatal(err)
		}
		r := received.Response
		if !strings.HasPrefix(r.URL, origin) || r.Protocol != "h2" || r.SecurityState != "secure" || r.Status != 200 && r.Status != 304 {
			b.t.Errorf("%s: status %d over %q, %s", r.URL, r.Status, r.Protocol, r.SecurityState)
		}
		kinds[received.Type]++
	}
	for _, kind := range []string{"Document", "Stylesheet", "Script", "Image", "Font"} {
		if kinds[kind] == 0 {
			b.t.Errorf("no %s among what was fetched: %v", kind, kinds)
		}
	}
	requests, _ := b.happened("Network.requestWillBeSent")
	for _, params := range requests {
		var sent struct {
			Request struct{ URL, MixedContentType string }
		}
		if err := json.Unmarshal(params, &sent); err != nil {
			b.t.Fatal(err)
		}
		if mixed := sent.Request.MixedContentType; mixed != "none" {
			b.t.Errorf("%s is mixed content: %s", sent.Request.URL, mixed)
		}
	}
}

// checkRevalidated looks for the files that were asked for again in the access
// log, and for anything that did not come over HTTP/2.
func (s *instance) checkRevalidated() {
	s.t.Helper()
	eventually(s.t, 10*time.Second, func() string {
		log := s.access.text()
		for _, ending := range []string{"css", "js", "svg", "woff2"} {
			if !regexp.MustCompile(`(?m)^HTTP/2\.0 304 /static/\S+\.` + ending + `$`).MatchString(log) {
				return fmt.Sprintf("no 304 for a .%s in the access log:\n%s", ending, log)
			}
		}
		lines := strings.Split(strings.TrimSpace(log), "\n")
		if other := slices.IndexFunc(lines, func(line string) bool { return !strings.HasPrefix(line, "HTTP/2.0 ") }); other >= 0 {
			return "not over HTTP/2: " + lines[other]
		}
		return ""
	})
}
