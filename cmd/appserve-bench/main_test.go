package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// serveVariable makes TestMain be a server on that address, for the tests of
// starting and stopping one.
const serveVariable = "APPSERVE_BENCH_TEST_SERVE"

func TestMain(m *testing.M) {
	address := os.Getenv(serveVariable)
	if address == "" {
		os.Exit(m.Run())
	}
	fmt.Fprintln(os.Stderr, "serving")
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "Hello, world!\n") })
	mux.HandleFunc("/upload", func(w http.ResponseWriter, r *http.Request) {
		n, _ := io.Copy(io.Discard, r.Body) // a cut body is a wrong number
		io.WriteString(w, strconv.FormatInt(n, 10))
	})
	fmt.Fprintln(os.Stderr, http.ListenAndServe(address, mux))
	os.Exit(1)
}

// planSelf is a peer that is this test binary.
func planSelf(s *setup) ([]command, error) {
	return []command{{
		name:  "self",
		argv:  []string{"/proc/self/exe"},
		env:   []string{serveVariable + "=" + s.address()},
		front: true, tree: true,
	}}, nil
}

// testSetup is where a peer of a test lives.
func testSetup(t *testing.T, s site) *setup {
	t.Helper()
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	shared, err := prepareShared(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	found := programs{}
	for _, p := range peers() {
		for _, name := range p.needs {
			found[name] = "/opt/" + name
		}
	}
	return &setup{site: s, dir: t.TempDir(), shared: shared, port: port, workers: 3, python: "/opt/python", programs: found}
}

// eventually polls until ok, at most 10 s.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within 10 s: %s", what)
		}
	}
}

func TestMainExit_UsageIsTwoAndHelpIsNone(t *testing.T) {
	var stderr strings.Builder
	if code := mainExit([]string{"-rounds", "0"}, io.Discard, &stderr); code != 2 || !strings.Contains(stderr.String(), "-rounds") {
		t.Errorf("exit %d: %s", code, stderr.String())
	}
	if code := mainExit([]string{"-h"}, io.Discard, io.Discard); code != 0 {
		t.Errorf("exit %d", code)
	}
	stderr.Reset()
	if code := mainExit([]string{"-peers", "apache"}, io.Discard, &stderr); code != 1 || !strings.Contains(stderr.String(), `there is no peer "apache"`) {
		t.Errorf("exit %d: %s", code, stderr.String())
	}
}
