package main

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// TestExamples_FrameworksRunUnchanged: each framework's own first page, as its documentation writes it.
func TestExamples_FrameworksRunUnchanged(t *testing.T) {
	t.Parallel()
	s := serve(t, withExamples(t, `
appserve {
  allow_root      = true
  spool_directory = "$FOLDER/spool"
}
listener "http" { address = "$ADDRESS" }
pool "flask" {
  app       = "hello_flask:app"
  chdir     = "$EXAMPLES/hello"
  python    = "$PYTHON"
  processes = 1
  env       = { APPSERVE_E2E = "$FOLDER" }
}
pool "bottle" {
  app       = "hello_bottle"
  chdir     = "$EXAMPLES/hello"
  python    = "$PYTHON"
  processes = 1
  env       = { APPSERVE_E2E = "$FOLDER" }
}
pool "pyramid" {
  app       = "hello_pyramid:main()"
  chdir     = "$EXAMPLES/hello"
  python    = "$PYTHON"
  processes = 1
  env       = { APPSERVE_E2E = "$FOLDER" }
}
site "hello" {
  strip_prefix = true
  location "/flask" { pass = pool.flask }
  location "/bottle" { pass = pool.bottle }
  location "/pyramid" { pass = pool.pyramid }
}
`))
	s.expect("/flask/", 200, "<p>Hello, World!</p>")
	s.expect("/bottle/hello/appserve", 200, "<b>Hello appserve</b>!")
	s.expect("/pyramid/", 200, "<body><h1>Hello World!</h1></body>")
}

// checkedApps are the examples behind the checkers of PEP 3333.
const checkedApps = `
import os
import sys
from wsgiref.validate import validator

from webtest.lint import middleware

for folder in ("quickstart", "coffeehouse", "hello"):
    sys.path.append(os.path.join(os.environ["EXAMPLES"], folder))

import coffeehouse.wsgi
import hello_wsgi
import quickstart

validated = {
    "quickstart": validator(quickstart.application),
    "coffeehouse": validator(coffeehouse.wsgi.application),
    "hello": validator(hello_wsgi.application),
}
linted = {
    "quickstart": middleware(quickstart.application),
    "coffeehouse": middleware(coffeehouse.wsgi.application),
    "hello": middleware(hello_wsgi.application),
}


def application(environ, start_response):
    checked = validated if environ["HTTP_X_CHECK"] == "validate" else linted
    return checked[environ["HTTP_X_APPLICATION"]](environ, start_response)
`

// TestExamples_KeepToWSGIUnderAppserve: the checkers see appserve's environ and
// its treatment of the response, not those of a test client.
func TestExamples_KeepToWSGIUnderAppserve(t *testing.T) {
	t.Parallel()
	s := newInstance(t)
	s.prepareCoffeehouse()
	s.write("apps/checked.py", checkedApps)
	s.configure(withExamples(t, `
appserve {
  allow_root      = true
  spool_directory = "$FOLDER/spool"
}
listener "http" { address = "$ADDRESS" }
pool "checked" {
  app       = "checked"
  chdir     = "$FOLDER/apps"
  python    = "$PYTHON"
  processes = 1
  env = {
    APPSERVE_E2E         = "$FOLDER"
    EXAMPLES             = "$EXAMPLES"
    COFFEEHOUSE_DATABASE = "$FOLDER/data/coffeehouse.sqlite3"
    COFFEEHOUSE_STATIC   = "$FOLDER/data/static"
    COFFEEHOUSE_MEDIA    = "$FOLDER/data/media"
  }
}
site "checked" {
  location "/" { pass = pool.checked }
}
`))
	s.start()
	s.waitLog(`appserve: serving`)
	for _, check := range []string{"validate", "lint"} {
		s.checked(check, "quickstart", http.MethodGet, "/", "", 200)
		s.checked(check, "quickstart", http.MethodHead, "/", "", 200)
		s.checked(check, "quickstart", http.MethodGet, "/stream", "", 200)
		s.checked(check, "quickstart", http.MethodPost, "/echo", strings.Repeat("x", 200_000), 200)
		s.checked(check, "hello", http.MethodGet, "/a%20b?c=d", "", 200)
		s.checked(check, "coffeehouse", http.MethodGet, "/", "", 200)
		s.checked(check, "coffeehouse", http.MethodGet, "/admin/login/?next=/admin/", "", 200)
		s.checked(check, "coffeehouse", http.MethodPost, "/stores/harbour/", "coffee=1", 403)
		s.checked(check, "coffeehouse", http.MethodGet, "/nothing/", "", 404)
	}
	for _, word := range []string{"AssertionError", "WSGIWarning", "Traceback"} {
		if strings.Contains(s.log.text(), word) {
			t.Errorf("the checkers complain:\n%s", s.log.text())
		}
	}
}

// checked sends one request to an application behind a checker. A complaint is
// an exception in the application, and so a 500.
func (s *instance) checked(check, application, method, path, body string, status int) {
	s.t.Helper()
	request, err := http.NewRequest(method, s.url(path), strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("X-Check", check)
	request.Header.Set("X-Application", application)
	if body != "" {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := s.client.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != status {
		s.t.Errorf("%s, %s: %s %s: %d, want %d", check, application, method, path, response.StatusCode, status)
	}
}

// withExamples fills in $EXAMPLES, the folder of the examples, and $PYTHON,
// the Python that has their packages.
func withExamples(t *testing.T, text string) string {
	t.Helper()
	folder, err := filepath.Abs("../../examples")
	if err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer("$EXAMPLES", folder, "$PYTHON", needVenv(t)).Replace(text)
}
