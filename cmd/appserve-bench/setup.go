package main

import (
	"embed"
	"fmt"
	"os"
	"path/filepath"
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
func (s *setup) app() string { return s.site.module() + ":application" }

// certificate and key are the pair of the sites through TLS.
func (s *setup) certificate() string { return filepath.Join(s.shared, certificateFile) }
func (s *setup) key() string         { return filepath.Join(s.shared, keyFile) }

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
