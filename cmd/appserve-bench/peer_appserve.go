package main

import "fmt"

// planAppserve is one process that starts its workers itself.
func planAppserve(s *setup) ([]command, error) {
	action := "pass = pool.bench"
	pool := fmt.Sprintf(`
pool "bench" {
  app       = %q
  chdir     = %q
  python    = %q
  processes = %d
}
`, s.app(), s.shared, s.python, s.workers)
	if s.site == staticSite {
		pool, action = "", fmt.Sprintf("static {\n      directory = %q\n    }", s.static())
	}
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
  address = %q
}
%s
site "bench" {
  location "/" {
    %s
  }
}
`, s.dir, s.address(), pool, action))
	if err != nil {
		return nil, err
	}
	return []command{{
		name:  "appserve",
		argv:  []string{s.programs["appserve"], "-c", path},
		front: true,
	}}, nil
}
