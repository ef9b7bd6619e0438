// Command appserve serves Python web applications: one binary in the place of
// nginx and uWSGI or Gunicorn. It reads HCL, binds listeners, answers static
// files, runs WSGI applications in supervised workers and forwards to
// upstreams.
//
// This package owns the command line, signals, exit codes and the life of the
// server (App: New, Start, Reload, Stop). It is the only place that joins
// config, listeners, upstreams and pool, and it holds no protocol code.
package main

import "os"

func main() {
	c := &command{
		environ: os.Environ(),
		stdout:  os.Stdout,
		stderr:  os.Stderr,
	}
	os.Exit(c.run(os.Args[1:]))
}
