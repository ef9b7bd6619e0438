package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"
)

// options are the command line.
type options struct {
	rounds      int
	duration    time.Duration
	connections int
	threads     int // of wrk
	workers     int // processes of every server
	works       []string
	peers       []string
	appserve    string // binary; "": built
	python      string // interpreter of the applications, and neighbour of the Python peers
	json        bool
	constant    string // be the net/http server of the constant site on this address, and nothing else
}

// parseOptions reads the command line; usage and complaints go to stderr.
func parseOptions(args []string, stderr io.Writer) (options, error) {
	var o options
	var workList, peerList string
	f := flag.NewFlagSet("appserve-bench", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.IntVar(&o.rounds, "rounds", 5, "rounds; every server is started and loaded once in each")
	f.DurationVar(&o.duration, "duration", 5*time.Second, "how long each load lasts")
	f.IntVar(&o.connections, "connections", 64, "connections of each load")
	f.IntVar(&o.threads, "threads", 1, "threads of wrk")
	f.IntVar(&o.workers, "workers", 2, "worker processes of every server")
	f.StringVar(&workList, "works", "", "comma-separated works: "+join(works(), func(w work) string { return w.name })+" (default all)")
	f.StringVar(&peerList, "peers", "", "comma-separated servers: "+join(peers(), func(p peer) string { return p.name })+" (default all)")
	f.StringVar(&o.appserve, "appserve", "", "the appserve binary (default: built from this module)")
	f.StringVar(&o.python, "python", ".venv/bin/python", "the Python that runs the applications; gunicorn, granian and uwsgi are looked for beside it")
	f.BoolVar(&o.json, "json", false, "print JSON instead of a table")
	f.StringVar(&o.constant, "serve-constant", "", "be the peer net-http on this address, and nothing else (the comparison starts itself so)")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	o.works, o.peers = split(workList), split(peerList)
	python, err := filepath.Abs(o.python)
	if err != nil {
		return o, fmt.Errorf("finding %s: %w", o.python, err)
	}
	o.python = python
	return o, o.check(f.NArg())
}

// check refuses what cannot be meant.
func (o options) check(rest int) error {
	switch {
	case rest > 0:
		return errors.New("there are flags only, no further arguments")
	case o.rounds < 1 || o.connections < 1 || o.threads < 1 || o.workers < 1:
		return errors.New("-rounds, -connections, -threads and -workers start at 1")
	case o.duration < time.Second || o.duration%time.Second != 0:
		return errors.New("-duration is in whole seconds: wrk counts so")
	case o.connections < o.threads:
		return errors.New("-connections is less than -threads")
	}
	return nil
}

// split reads a comma-separated list.
func split(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}
