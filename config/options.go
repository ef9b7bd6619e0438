package config

import (
	"os"
	"path/filepath"
)

// DefaultPath is read when no path is given.
const DefaultPath = "/etc/appserve"

// Options say what to load. The zero value loads DefaultPath.
type Options struct {
	Paths    []string          // files or folders (-c); DefaultPath when empty
	Vars     map[string]string // -var; they win over VarFiles
	VarFiles []string          // -var-file; they win over Environ
	Environ  []string          // APPSERVE_VAR_x, and what env() sees, as os.Environ gives it
	Version  string            // of this binary, for required_version; empty: not checked
	ForStart bool              // refuse the sensitive("...") placeholders of a dump

	system system // the outside world, replaced by tests
}

// system is what loading asks the machine for, besides the files themselves.
type system struct {
	cpus     func() int
	hostname func() (string, error)
	readFile func(path string) ([]byte, error)
}

// withDefaults fills in what the caller left out.
func (o Options) withDefaults() Options {
	if len(o.Paths) == 0 {
		o.Paths = []string{DefaultPath}
	}
	if o.system.cpus == nil {
		o.system.cpus = availableCPUs
	}
	if o.system.hostname == nil {
		o.system.hostname = os.Hostname
	}
	if o.system.readFile == nil {
		o.system.readFile = os.ReadFile
	}
	return o
}

// absolute resolves a path that a file in folder says.
func absolute(folder, path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	joined := filepath.Join(folder, path)
	if abs, err := filepath.Abs(joined); err == nil {
		return abs
	}
	return joined
}
