package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// requestsDeselected are the tests of requests that speak to httpbin and do
// not hold behind appserve, each with its reason.
var requestsDeselected = map[string]string{
	"test_requests.py::TestRequests::test_proxy_authorization_preserved_on_request": "Proxy-Authorization is for the first proxy that meets it, " +
		"and appserve is that one: it never reaches an application (RFC 9110, 11.7.2)",
}

// requestsAtLeast is how many tests of requests 2.32.5 speak to httpbin, and pass.
const requestsAtLeast = 185

// TestFront_SuiteOfRequests: what the most used client expects of a server,
// of httpbin behind appserve, over HTTP and HTTPS.
func TestFront_SuiteOfRequests(t *testing.T) {
	t.Parallel()
	pytest := needInVenv(t, "pytest")
	if _, err := os.Stat("../../.venv/requests/tests"); err != nil {
		absent(t, "requests", "make deps")
	}
	s := newInstance(t)
	secure := freeAddress(t)
	signer := newAuthority(t)
	signer.issue(s.folder, "site", "127.0.0.1")
	signer.write(filepath.Join(s.folder, "authority.crt"))
	s.configure(strings.NewReplacer("$SECURE", secure, "$PYTHON", needVenv(t)).Replace(`
appserve {
  allow_root       = true
  spool_directory  = "$FOLDER/spool"
  shutdown_timeout = "1s" # what still runs at the end is what no client waits for
}
listener "http" { address = "$ADDRESS" }
listener "https" {
  address = "$SECURE"
  tls {
    certificate = "$FOLDER/site.crt"
    key         = "$FOLDER/site.key"
  }
}
pool "httpbin" {
  app       = "httpbin:app"
  python    = "$PYTHON"
  processes = 1
  threads   = 8 # the suite gives up on answers that take ten seconds, and goes on
  env       = { APPSERVE_E2E = "$FOLDER" }
}
site "httpbin" {
  listeners = [listener.http, listener.https]
  location "/" { pass = pool.httpbin }
}
`))
	s.start()
	s.waitLog(`appserve: serving`)
	t.Log(s.runRequestsSuite(pytest, "https://"+secure))
}

// runRequestsSuite runs the tests and returns their last line.
func (s *instance) runRequestsSuite(pytest, secure string) string {
	s.t.Helper()
	plugins, err := filepath.Abs("testdata/suites")
	if err != nil {
		s.t.Fatal(err)
	}
	run := exec.Command(pytest, "-q", "-W", "ignore", "-p", "served_httpbin", "-p", "no:cacheprovider", "tests/test_requests.py")
	for name := range requestsDeselected {
		run.Args = append(run.Args, "--deselect", "tests/"+name)
	}
	run.Dir = "../../.venv/requests"
	run.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1", "PYTHONPATH="+plugins, "HTTPBIN="+s.url(""),
		"HTTPBIN_SECURE="+secure, "HTTPBIN_AUTHORITY="+filepath.Join(s.folder, "authority.crt"))
	output, err := run.CombinedOutput()
	if err != nil {
		s.t.Fatalf("%v\n%s", err, output)
	}
	passed := regexp.MustCompile(`(?m)^(\d+) passed.*$`).FindStringSubmatch(string(output))
	if passed == nil {
		s.t.Fatalf("no summary in\n%s", output)
	}
	if n, err := strconv.Atoi(passed[1]); err != nil || n < requestsAtLeast {
		s.t.Errorf("%s passed, want at least %d", passed[1], requestsAtLeast)
	}
	return passed[0]
}
