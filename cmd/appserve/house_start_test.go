package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// serveExample starts a configuration of examples/conf.d on a free port, with
// "name=value" variables; $FOLDER in them is the test's folder.
func serveExample(t *testing.T, s *instance, name string, variables ...string) {
	t.Helper()
	file, err := filepath.Abs(filepath.Join("../../examples/conf.d", name))
	if err != nil {
		t.Fatal(err)
	}
	s.configure("# All of it is in the example.\n")
	args := []string{"-c", file, "-var", "address=" + s.address}
	for _, variable := range variables {
		args = append(args, "-var", s.expand(variable))
	}
	s.start(args...)
	s.waitLog(`appserve: serving`)
	t.Cleanup(s.checkWorkersEnd)
}

// checkWorkersEnd stops the server and looks for its workers: those of an
// example do not carry the mark that checkLeftovers looks for.
func (s *instance) checkWorkersEnd() {
	s.t.Helper()
	workers := s.workers()
	s.client.CloseIdleConnections()
	if code := s.stop(syscall.SIGTERM); code != exitStopped {
		s.t.Errorf("exit code %d, want 0", code)
	}
	for _, pid := range workers {
		if _, err := os.Stat(fmt.Sprintf("/proc/%d", pid)); err == nil {
			s.t.Errorf("left behind: worker %d", pid)
		}
	}
}

func TestExamples_Quickstart(t *testing.T) {
	t.Parallel()
	s := newInstance(t)
	serveExample(t, s, "quickstart.hcl")
	if status, page := s.get("/?a=1"); status != 200 || !strings.Contains(page, "GET /?a=1 HTTP/1.1") {
		t.Errorf("/: %d\n%s", status, page)
	}
	for _, file := range []string{"style.css", "quickstart.js", "logo.svg"} {
		s.expect("/static/"+file, 200, "")
	}
	before := s.quickstartWorker()
	if before.Pool != "quickstart" {
		t.Errorf("the page runs in pool %q", before.Pool)
	}
	s.postExpect("/echo", strings.Repeat("x", 1<<20), 200, "1048576 bytes arrived\n")
	s.excuse(`worker died`)
	s.postExpect("/kill", "", 502, "")
	eventually(t, 10*time.Second, func() string {
		if len(s.workers()) != 2 {
			return fmt.Sprintf("workers: %v", s.workers())
		}
		return ""
	})
	s.quickstartWorker()
	if line := s.waitRecord(s.access, `"POST /kill HTTP/1\.1" 502 .*worker_crashed`); !strings.Contains(line, " quickstart/") {
		t.Errorf("the access log does not name the worker: %s", line)
	}
}

type quickstartWorker struct {
	Pool, Slot string
	PID        int
}

func (s *instance) quickstartWorker() quickstartWorker {
	s.t.Helper()
	status, body := s.get("/worker")
	var w quickstartWorker
	if err := json.Unmarshal([]byte(body), &w); err != nil || status != 200 {
		s.t.Fatalf("/worker: %d %v\n%s", status, err, body)
	}
	return w
}

// postExpect sends a body and compares the status and how the answer begins.
func (s *instance) postExpect(path, body string, status int, begins string) {
	s.t.Helper()
	response, err := s.client.Post(s.url(path), "text/plain", strings.NewReader(body))
	if err != nil {
		s.t.Fatalf("POST %s: %v", path, err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != status || !strings.HasPrefix(string(content), begins) {
		s.t.Errorf("POST %s: %d %v %.200q, want %d %q", path, response.StatusCode, err, content, status, begins)
	}
}

// TestExamples_QuickstartStreams: the first piece is here long before the last.
func TestExamples_QuickstartStreams(t *testing.T) {
	t.Parallel()
	s := newInstance(t)
	serveExample(t, s, "quickstart.hcl")
	response, err := s.client.Get(s.url("/stream"))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	pieces := make([]byte, 4096)
	n, err := response.Body.Read(pieces)
	if err != nil || bytes.Count(pieces[:n], []byte("\n")) != 1 {
		t.Errorf("the first read holds %q, %v; want one piece", pieces[:n], err)
	}
	rest, err := io.ReadAll(response.Body)
	if err != nil || bytes.Count(rest, []byte("\n")) != 11 {
		t.Errorf("then came %q, %v; want 11 pieces", rest, err)
	}
}

func TestExamples_ManySites(t *testing.T) {
	t.Parallel()
	s := newInstance(t)
	serveExample(t, s, "many-sites.hcl")
	for _, c := range []struct {
		host, path string
		status     int
		says       string
	}{
		{"www.localhost", "/", 200, "appserve is serving"},
		{"localhost", "/static/style.css", 200, "color-scheme"},
		{"hello.localhost", "/x", 200, `"pool": "hello"`},
		{"a.hello.localhost", "/", 200, `"host": "a.hello.localhost"`},
		{"hello.localhost", "/alive", 200, "yes\n"},
		{"old.localhost", "/x?y=1", 308, ""},
		{"other.localhost", "/", 404, ""},
	} {
		response, body := s.getHost(c.host, c.path)
		if response.StatusCode != c.status || !strings.Contains(body, c.says) {
			t.Errorf("%s%s: %d %q, want %d %q", c.host, c.path, response.StatusCode, body, c.status, c.says)
		}
		if to := response.Header.Get("Location"); c.status == 308 && to != "http://www.localhost:8000/x?y=1" {
			t.Errorf("%s%s redirects to %q", c.host, c.path, to)
		}
	}
	s.waitRecord(s.access, `"reason":"no_site"`)
}

func (s *instance) getHost(host, path string) (*http.Response, string) {
	s.t.Helper()
	request, err := http.NewRequest(http.MethodGet, s.url(path), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	request.Host = host
	response, err := s.client.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return response, string(body)
}

func TestExamples_Django(t *testing.T) {
	t.Parallel()
	needVenv(t)
	s := newInstance(t)
	s.prepareCoffeehouse()
	serveExample(t, s, "django.hcl", "data=$FOLDER/data", "allow_root=true")
	newVisitor(t, s).visit()
}

func TestExamples_GunicornFront(t *testing.T) {
	t.Parallel()
	gunicorn := needInVenv(t, "gunicorn")
	s := newInstance(t)
	s.prepareCoffeehouse()
	address := freeAddress(t)
	s.startPeer("tcp", address, gunicorn, "--bind", address, "--workers", "2", "--no-control-socket", "coffeehouse.wsgi")
	serveExample(t, s, "gunicorn-front.hcl", "data=$FOLDER/data", "gunicorn="+address)
	newVisitor(t, s).visit()
}

func TestExamples_UWSGIFront(t *testing.T) {
	t.Parallel()
	uwsgi := needInVenv(t, "uwsgi")
	s := newInstance(t)
	s.prepareCoffeehouse()
	socket := filepath.Join(s.folder, "uwsgi.sock")
	s.startPeer("unix", socket, uwsgi, "--master", "--socket", socket, "--module", "coffeehouse.wsgi",
		"--processes", "2", "--need-app", "--die-on-term", "--vacuum")
	serveExample(t, s, "uwsgi-front.hcl", "data=$FOLDER/data", "uwsgi=unix:$FOLDER/uwsgi.sock")
	newVisitor(t, s).visit()
}

// coffeehouseEnvironment puts everything the coffeehouse writes into the test's folder.
func (s *instance) coffeehouseEnvironment() []string {
	data := filepath.Join(s.folder, "data")
	return append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1", "COFFEEHOUSE_DATABASE="+filepath.Join(data, "coffeehouse.sqlite3"),
		"COFFEEHOUSE_STATIC="+filepath.Join(data, "static"), "COFFEEHOUSE_MEDIA="+filepath.Join(data, "media"))
}

func (s *instance) prepareCoffeehouse() {
	s.t.Helper()
	prepare := exec.Command(needVenv(s.t), "manage.py", "prepare", "--password", "crema")
	prepare.Dir, prepare.Env = "../../examples/coffeehouse", s.coffeehouseEnvironment()
	if output, err := prepare.CombinedOutput(); err != nil {
		s.t.Fatalf("preparing the coffeehouse: %v\n%s", err, output)
	}
}

// startPeer starts a server of the coffeehouse that is not ours, and waits until it accepts.
func (s *instance) startPeer(network, address, program string, args ...string) {
	s.t.Helper()
	output := newRecord()
	peer := exec.Command(program, args...)
	peer.Dir, peer.Env = "../../examples/coffeehouse", s.coffeehouseEnvironment()
	peer.Stdout, peer.Stderr = output, output
	if err := peer.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		_ = peer.Process.Signal(syscall.SIGTERM)
		kill := time.AfterFunc(20*time.Second, func() { _ = peer.Process.Kill() })
		defer kill.Stop()
		_ = peer.Wait()
		if s.t.Failed() {
			s.t.Logf("log of %s:\n%s", filepath.Base(program), output.text())
		}
	})
	eventually(s.t, 30*time.Second, func() string {
		conn, err := net.Dial(network, address)
		if err != nil {
			return fmt.Sprintf("%v\n%s", err, output.text())
		}
		_ = conn.Close()
		return ""
	})
}
