package main

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// cli runs appserve with arguments and returns exit code and output.
func cli(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	command := exec.Command(binary, args...)
	command.Stdout, command.Stderr = &out, &errs
	err := command.Run()
	if _, exited := err.(*exec.ExitError); err != nil && !exited {
		t.Fatal(err)
	}
	return command.ProcessState.ExitCode(), out.String(), errs.String()
}

func TestCLI_ValidatesASoundConfiguration(t *testing.T) {
	t.Parallel()
	s := newInstance(t)
	s.configure(kitchen("processes = 3"))
	code, stdout, stderr := cli(t, "-t", "-c", filepath.Join(s.folder, "conf.d"))
	if code != 0 || !strings.HasPrefix(stdout, "configuration is sound: 1 file, 1 listener, 1 site, 1 pool\n") {
		t.Errorf("-t: exit code %d\n%s%s", code, stdout, stderr)
	}
	if !strings.Contains(stdout, `  pool "kitchen": `) || !strings.Contains(stdout, "3 processes x 1 thread") {
		t.Errorf("-t does not describe the pool:\n%s", stdout)
	}
}

func TestCLI_ReportsMistakes(t *testing.T) {
	t.Parallel()
	s := newInstance(t)
	s.configure(kitchen("workers = 3\n  request_timeout = 30"))
	folder := filepath.Join(s.folder, "conf.d")
	code, _, stderr := cli(t, "-t", "-c", folder)
	if code != exitConfiguration {
		t.Errorf("-t: exit code %d, want 1", code)
	}
	for _, want := range []string{`There is no "workers" in a pool`, "Write: processes = 3", "This duration needs a unit", `request_timeout = "30s"`, "2 errors; nothing was changed."} {
		if !strings.Contains(stderr, want) {
			t.Errorf("-t does not say %q:\n%s", want, stderr)
		}
	}
	code, stdout, _ := cli(t, "-t", "-json", "-c", folder)
	var report any
	if err := json.Unmarshal([]byte(stdout), &report); err != nil || code != exitConfiguration {
		t.Errorf("-t -json: exit code %d, %v:\n%s", code, err, stdout)
	}
}

func TestCLI_DumpLoadsAgain(t *testing.T) {
	t.Parallel()
	s := newInstance(t)
	s.configure(kitchen("processes = 3"))
	code, dump, stderr := cli(t, "-T", "-c", filepath.Join(s.folder, "conf.d"))
	if code != 0 {
		t.Fatalf("-T: exit code %d\n%s", code, stderr)
	}
	s.write("dump/main.hcl", dump)
	if code, stdout, stderr := cli(t, "-t", "-c", filepath.Join(s.folder, "dump")); code != 0 {
		t.Errorf("the dump does not load: %s%s\n%s", stdout, stderr, dump)
	}
}

func TestCLI_Format(t *testing.T) {
	t.Parallel()
	s := newInstance(t)
	s.write("conf.d/main.hcl", "listener \"http\" {\naddress=\":80\"\n}\n")
	folder := filepath.Join(s.folder, "conf.d")
	if code, _, _ := cli(t, "fmt", "-check", folder); code != exitConfiguration {
		t.Errorf("fmt -check of an unformatted file: exit code %d, want 1", code)
	}
	if code, _, stderr := cli(t, "fmt", folder); code != 0 {
		t.Errorf("fmt: exit code %d %s", code, stderr)
	}
	if got, want := s.read("conf.d/main.hcl"), "listener \"http\" {\n  address = \":80\"\n}\n"; got != want {
		t.Errorf("fmt wrote %q, want %q", got, want)
	}
	if code, _, _ := cli(t, "fmt", "-check", folder); code != 0 {
		t.Errorf("fmt -check of a formatted file: exit code %d", code)
	}
}

func TestCLI_VersionAndUsage(t *testing.T) {
	t.Parallel()
	if code, stdout, _ := cli(t, "-v"); code != 0 || !strings.HasPrefix(stdout, "appserve ") || !strings.Contains(stdout, "go1.") {
		t.Errorf("-v: exit code %d, %q", code, stdout)
	}
	for _, args := range [][]string{{"explain", "GET"}, {"explain", "GET", "www.example.com/"}, {"reload"}, {"-json"}, {"-strict"}, {"-var", "novalue", "-t"}, {"dance"}} {
		if code, _, stderr := cli(t, args...); code != exitUsage || stderr == "" {
			t.Errorf("appserve %s: exit code %d, %q; want 2 and a sentence", strings.Join(args, " "), code, stderr)
		}
	}
}
