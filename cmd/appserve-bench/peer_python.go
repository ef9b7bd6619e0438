package main

import (
	"os"
	"path/filepath"
	"strconv"
)

// planGunicorn is Gunicorn as it comes: sync workers.
func planGunicorn(s *setup) ([]command, error) {
	return gunicorn(s, "--worker-class", "sync"), nil
}

// planGunicornThreads is Gunicorn with threads, which keep connections alive.
func planGunicornThreads(s *setup) ([]command, error) {
	return gunicorn(s, "--worker-class", "gthread", "--threads", "4", "--keep-alive", "75"), nil
}

func gunicorn(s *setup, more ...string) []command {
	argv := []string{
		s.programs["gunicorn"], "--bind", s.address(), "--workers", strconv.Itoa(s.workers),
		"--chdir", s.shared, "--log-level", "warning", "--backlog", "4096",
	}
	return []command{{name: "gunicorn", argv: append(append(argv, more...), s.app())}}
}

// planGranian is Granian's WSGI interface.
func planGranian(s *setup) ([]command, error) {
	return []command{{name: "granian", argv: []string{
		s.programs["granian"], "--interface", "wsgi", "--host", "127.0.0.1", "--port", strconv.Itoa(s.port),
		"--workers", strconv.Itoa(s.workers), "--blocking-threads", "1", "--no-ws",
		"--log-level", "warning", "--no-access-log", "--working-dir", s.shared, s.app(),
	}}}, nil
}

// sitePackages is where the packages of a virtualenv are; "" when it is none.
func sitePackages(python string) string {
	root := filepath.Dir(filepath.Dir(python))
	found, err := filepath.Glob(filepath.Join(root, "lib", "python3*", "site-packages"))
	if err != nil || len(found) == 0 || !exists(filepath.Join(root, "pyvenv.cfg")) {
		return ""
	}
	return found[0]
}

// exists is whether there is such a file.
func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
