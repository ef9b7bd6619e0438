package listeners

import (
	"net/http"
	"strings"
	"testing"

	"github.com/appserve/appserve/listeners/routing"
	"github.com/appserve/appserve/listeners/variable"
)

func compile(t *testing.T, parts ...variable.Part) *variable.Template {
	t.Helper()
	template, err := variable.Compile(parts)
	if err != nil {
		t.Fatal(err)
	}
	return template
}

func TestRedirect(t *testing.T) {
	to := compile(t, variable.Part{Literal: "https://"}, variable.Part{Variable: "host"}, variable.Part{Variable: "request_uri"})
	rest := compile(t, variable.Part{Literal: "/new"}, variable.Part{Variable: "rest"})
	w := start(t, Location{Path: "/", Handler: Redirect(307, to)}, Location{Path: "/old", Handler: Redirect(301, rest)})
	c := w.dial()
	c.send("POST /a%20b?q=1 HTTP/1.1\r\nHost: A.example:8000\r\nContent-Length: 3\r\n\r\nabc")
	if a := c.want(307, ""); a.Header.Get("Location") != "https://a.example/a%20b?q=1" || a.body != "" {
		t.Errorf("%v %q", a.Header, a.body)
	}
	c.get("/old/%0d%0aSet-Cookie:%20x=1?q")
	if a := c.want(301, ""); a.Header.Get("Location") != "/new/%0D%0ASet-Cookie:%20x=1" || a.Header.Get("Set-Cookie") != "" {
		t.Errorf("%v", a.Header)
	}
}

// A client that names no host gets a link that works all the same.
func TestRedirectWithoutHost(t *testing.T) {
	to := compile(t, variable.Part{Literal: "https://"}, variable.Part{Variable: "host"}, variable.Part{Variable: "request_uri"})
	for want, hosts := range map[string][]string{"https://b.example/x?y": {"*", "*.a.example", "b.example", "c.example"}, "https://127.0.0.1/x?y": {"*"}} {
		w := newWorld(t)
		r, err := NewRoutes([]Site{{Name: "s", Listeners: []string{"main"}, Hosts: hosts, Locations: []Location{{Path: "/", Handler: Redirect(301, to)}}}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		w.commit(r, w.rows)
		w.addr = w.server.Addresses("main")[0].String()
		c := w.dial()
		c.send("GET /x?y HTTP/1.0\r\n\r\n")
		if a := c.want(301, ""); a.Header.Get("Location") != want {
			t.Errorf("%q, want %q", a.Header.Get("Location"), want)
		}
	}
}

// The name of another host cannot be smuggled in as a path.
func TestRedirectStaysHere(t *testing.T) {
	w := start(t,
		Location{Path: "/", Handler: Redirect(302, compile(t, variable.Part{Variable: "request_uri"}))},
		Location{Path: "/out", Handler: Redirect(302, compile(t, variable.Part{Literal: "//cdn.example"}, variable.Part{Variable: "rest"}))},
	)
	c := w.dial()
	for target, want := range map[string]string{
		"//evil.example/": "/evil.example/", "///evil.example": "/evil.example", `/\evil.example`: "/%5Cevil.example",
		"http://test/x?y": "/x?y", "/out/a": "//cdn.example/a",
	} {
		c.get(target)
		if a := c.want(302, ""); a.Header.Get("Location") != want {
			t.Errorf("%s: %q, want %q", target, a.Header.Get("Location"), want)
		}
	}
}

func TestRegexAndGlob(t *testing.T) {
	to := compile(t, variable.Part{Literal: "/people/"}, variable.Part{Variable: "match_", Argument: "name"}, variable.Part{Literal: "?tab="}, variable.Part{Variable: "match_", Argument: "tab"})
	old := Location{Path: `^/~(?P<name>[^/]+)(?:/(?P<tab>[a-z]+))?/?$`, Match: routing.Regex, Priority: 1, Handler: Redirect(301, to)}
	rest := Location{Path: "/files/*/raw/**", Match: routing.Glob, Handler: Respond(200, "text/plain", compile(t, variable.Part{Variable: "rest"}))}
	w := start(t, old, rest, says("/", "root"))
	c := w.dial()
	for target, want := range map[string]string{"/~ann": "/people/ann?tab=", "/~a%20b%3F/mail": "/people/a%20b%3F?tab=mail", "/~a%0d%0aX:1": "/people/a%0D%0AX:1?tab="} {
		c.get(target)
		if a := c.want(301, ""); a.Header.Get("Location") != want {
			t.Errorf("%s: %q, want %q", target, a.Header.Get("Location"), want)
		}
	}
	c.get("/files/7/raw/x/y")
	c.want(200, "/7/raw/x/y") // beneath /files, the whole segments before the first wildcard
	c.get("/files/7/8/raw/x")
	c.want(200, "root")
}

func TestRespond(t *testing.T) {
	w := start(t,
		Location{Path: "/html", Handler: Respond(200, "text/html; charset=utf-8", compile(t, variable.Part{Literal: "<p>"}, variable.Part{Variable: "rest"}))},
		Location{Path: "/text", Handler: Respond(418, "text/plain", compile(t, variable.Part{Literal: "<p>"}, variable.Part{Variable: "rest"}))},
		Location{Path: "/empty", Handler: Respond(204, "text/plain", variable.Text("ignored"))},
	)
	c := w.dial()
	c.get("/html/%3Cscript%3E")
	if a := c.want(200, "<p>/&lt;script&gt;"); a.Header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("%v", a.Header)
	}
	c.get("/text/%3Cb%3E")
	c.want(418, "<p>/<b>")
	c.get("/empty")
	if a := c.want(204, ""); a.body != "" || a.Header.Get("Content-Length") != "" {
		t.Errorf("%v %q", a.Header, a.body)
	}
	c.send("HEAD /text HTTP/1.1\r\nHost: a\r\n\r\n")
	if a := c.receive(http.MethodHead); a.StatusCode != 418 || a.Header.Get("Content-Length") != "3" {
		t.Errorf("%d %v", a.StatusCode, a.Header)
	}
	c.get("/text")
	c.want(418, "<p>") // the answer to HEAD had no content
}

func TestNewRoutesRefuses(t *testing.T) {
	one := []Location{says("/", "x")}
	for want, sites := range map[string][]Site{
		`site "b": another site has the host "h" on listener "l"`: {
			{Name: "a", Listeners: []string{"l"}, Hosts: []string{"h"}, Locations: one},
			{Name: "b", Listeners: []string{"k", "l"}, Hosts: []string{"h"}, Locations: one},
		},
		`two locations have the path "/x/"`: {
			{Name: "a", Listeners: []string{"l"}, Hosts: []string{"*"}, Locations: []Location{says("/x", "x"), says("/x/", "x")}},
		},
		`"x" does not start with a slash`: {{Name: "a", Listeners: []string{"l"}, Hosts: []string{"*"}, Locations: []Location{says("x", "x")}}},
		`has no handler`:                  {{Name: "a", Listeners: []string{"l"}, Hosts: []string{"*"}, Locations: []Location{{Path: "/"}}}},
		`"a*b" is no host`:                {{Name: "a", Listeners: []string{"l"}, Hosts: []string{"a*b"}, Locations: one}},
	} {
		if _, err := NewRoutes(sites, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestAlsoAndExact(t *testing.T) {
	also := says("/a", "a")
	also.Also = []string{"/b/c"}
	exact := says("/a/exact", "exact")
	exact.Match = routing.Exact
	w := start(t, also, exact)
	c := w.dial()
	for path, want := range map[string]string{"/a": "a", "/a/x": "a", "/b/c/x": "a", "/a/exact": "exact", "/a/exact/": "exact", "/a/exact/x": "a", "/a%2Fexact": "exact"} {
		c.get(path)
		c.want(200, want)
	}
	for _, path := range []string{"/", "/b", "/ab"} {
		c.get(path)
		c.want(404, "")
	}
}
