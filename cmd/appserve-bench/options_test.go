package main

import (
	"errors"
	"flag"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestParseOptions_Defaults(t *testing.T) {
	o, err := parseOptions(nil, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if o.rounds != 5 || o.duration != 5*time.Second || o.connections != 64 || o.workers != 2 || o.json {
		t.Errorf("%+v", o)
	}
	if !filepath.IsAbs(o.python) || !strings.HasSuffix(o.python, "/.venv/bin/python") {
		t.Errorf("python %s", o.python)
	}
}

func TestParseOptions_Refuses(t *testing.T) {
	for args, want := range map[string]string{
		"hello":                     "flags only",
		"-rounds 0":                 "start at 1",
		"-workers 0":                "start at 1",
		"-duration 500ms":           "whole seconds",
		"-duration 1500ms":          "whole seconds",
		"-connections 1 -threads 2": "less than -threads",
		"-duration 5":               "invalid value",
	} {
		_, err := parseOptions(strings.Fields(args), io.Discard)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", args, err)
		}
	}
	if _, err := parseOptions([]string{"-h"}, io.Discard); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("-h: %v", err)
	}
}

func TestParseOptions_UsageNamesWorksAndPeers(t *testing.T) {
	var usage strings.Builder
	_, _ = parseOptions([]string{"-h"}, &usage)
	for _, want := range []string{"hello, 10k, upload, hello-tls, hello-h2, idle10k, django, static1k", "appserve, nginx+uwsgi, gunicorn"} {
		if !strings.Contains(usage.String(), want) {
			t.Errorf("no %q in:\n%s", want, usage.String())
		}
	}
}

func TestSplit(t *testing.T) {
	if got := split("hello, 10k,,upload"); !slices.Equal(got, []string{"hello", "10k", "upload"}) {
		t.Errorf("%q", got)
	}
	if got := split(""); len(got) != 0 {
		t.Errorf("%q", got)
	}
}
