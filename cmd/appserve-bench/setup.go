package main

import (
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

//go:embed apps
var apps embed.FS

// setup is what a peer needs to know to serve a site.
type setup struct {
	site     site
	dir      string // its own folder, for configuration, sockets and logs
	shared   string // the folder with the applications, and beneath it "static"
	port     int
	workers  int
	python   string
	programs programs
}

// address is where it must listen.
func (s *setup) address() string { return fmt.Sprintf("127.0.0.1:%d", s.port) }

// static is the folder that staticSite serves.
func (s *setup) static() string { return filepath.Join(s.shared, "static") }

// app is the application in Gunicorn's spelling.
func (s *setup) app() string { return string(s.site) + ":application" }

// file is the path of a file of its own.
func (s *setup) file(name string) string { return filepath.Join(s.dir, name) }

// write creates a file of its own and returns its path.
func (s *setup) write(name, text string) (string, error) {
	path := s.file(name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		return "", fmt.Errorf("writing a configuration: %w", err)
	}
	return path, nil
}

// prepareShared writes the applications and the static files beneath dir and
// returns the folder they are in.
func prepareShared(dir string) (string, error) {
	if err := os.CopyFS(dir, apps); err != nil {
		return "", fmt.Errorf("writing the applications: %w", err)
	}
	shared := filepath.Join(dir, "apps")
	folder := filepath.Join(shared, "static")
	if err := os.Mkdir(folder, 0o755); err != nil {
		return "", fmt.Errorf("making the static files: %w", err)
	}
	for name, size := range staticFiles() {
		content := []byte(strings.Repeat("x", size))
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o644); err != nil {
			return "", fmt.Errorf("making the static files: %w", err)
		}
	}
	return shared, nil
}
