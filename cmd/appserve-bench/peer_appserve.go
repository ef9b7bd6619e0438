package main

import "fmt"

// planAppserve is one process that starts its workers itself.
func planAppserve(s *setup) ([]command, error) {
	action, pool := appserveAction(s)
	path, err := s.write("appserve.hcl", fmt.Sprintf(`
appserve {
  allow_root      = true
  spool_directory = %q
}

log {
  level = "warn"
  access_log {
    enabled = false
  }
}

listener "http" {
  address = %q%s
}
%s
site "bench" {
  location "/" {
    %s
  }
}
`, s.dir, s.address(), appserveTLS(s), pool, action))
	if err != nil {
		return nil, err
	}
	return []command{{
		name:  "appserve",
		argv:  []string{s.programs["appserve"], "-c", path},
		front: true,
	}}, nil
}

// appserveAction is what the location does, and the pool if it needs one.
func appserveAction(s *setup) (action, pool string) {
	switch {
	case s.site == constantSite:
		return fmt.Sprintf("respond {\n      status       = 200\n      content_type = \"text/plain\"\n      body         = %q\n    }", hello), ""
	case s.site.files():
		return fmt.Sprintf("static {\n      directory = %q\n    }", s.static()), ""
	}
	return "pass = pool.bench", fmt.Sprintf(`
pool "bench" {
  app       = %q
  chdir     = %q
  python    = %q
  processes = %d
}
`, s.app(), s.shared, s.python, s.workers)
}

// appserveTLS is the tls block of the listener; "" where there is none.
func appserveTLS(s *setup) string {
	if s.site.scheme() == "http" {
		return ""
	}
	return fmt.Sprintf("\n  tls {\n    certificate = %q\n    key         = %q\n    http2       = %t\n  }", s.certificate(), s.key(), s.site == h2Site)
}
