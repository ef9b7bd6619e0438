package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// stopLimit is more than any stop may take: shutdown_timeout, and what a
// loaded machine adds.
const stopLimit = 40 * time.Second

// instance is one appserve under test: the real binary, its own folder, its
// own ports. When the test ends it is stopped and searched for leftovers.
type instance struct {
	t       *testing.T
	folder  string // holds conf.d, the applications, the spool
	scheme  string // http, or https where the listener has tls
	address string // 127.0.0.1:PORT of the listener
	process *exec.Cmd
	exited  chan struct{}
	log     *record
	access  *record
	client  *http.Client
	excused []*regexp.Regexp // error lines that the test asked for
	opened  int              // descriptors when it began to serve; 0: not compared
	stopped bool
}

// serve starts appserve with a configuration and waits until it serves. In
// the text, $ADDRESS is a free loopback address, $FOLDER the test's folder and
// $APPS the folder of the test applications.
func serve(t *testing.T, configuration string, args ...string) *instance {
	t.Helper()
	s := newInstance(t)
	s.configure(configuration)
	s.start(args...)
	s.waitLog(`appserve: serving`)
	s.opened = s.descriptors()
	return s
}

func newInstance(t *testing.T) *instance {
	t.Helper()
	s := &instance{t: t, scheme: "http", folder: resolved(t, t.TempDir()), address: freeAddress(t), log: newRecord(), access: newRecord()}
	s.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}, Timeout: 60 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, name := range []string{"conf.d", "spool", "run"} {
		if err := os.Mkdir(filepath.Join(s.folder, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// configure writes the configuration, replacing the earlier one.
func (s *instance) configure(text string) {
	s.t.Helper()
	s.write("conf.d/main.hcl", s.expand(text))
}

func (s *instance) expand(text string) string {
	apps, err := filepath.Abs("testdata/apps")
	if err != nil {
		s.t.Fatal(err)
	}
	return strings.NewReplacer("$ADDRESS", s.address, "$FOLDER", s.folder, "$APPS", apps).Replace(text)
}

func (s *instance) write(name, content string) {
	s.t.Helper()
	path := filepath.Join(s.folder, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		s.t.Fatal(err)
	}
}

func (s *instance) start(args ...string) {
	s.t.Helper()
	s.process = exec.Command(binary, append([]string{"-c", filepath.Join(s.folder, "conf.d")}, args...)...)
	s.process.Stdout, s.process.Stderr = s.access, s.log
	s.process.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	if err := s.process.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.exited = make(chan struct{})
	go s.wait()
	s.t.Cleanup(s.finish)
}

func (s *instance) wait() {
	_ = s.process.Wait()
	close(s.exited)
}

// finish stops the server if the test did not, and looks for what is left.
func (s *instance) finish() {
	if !s.stopped {
		s.checkDescriptors()
		s.stop(syscall.SIGTERM)
	}
	if s.t.Failed() || os.Getenv("E2E_LOG") != "" {
		s.t.Logf("log of appserve:\n%s", s.log.text())
	}
	s.checkLeftovers()
}

// stop sends a signal and waits for the end; it returns the exit code.
func (s *instance) stop(sig syscall.Signal) int {
	s.t.Helper()
	s.signal(sig)
	return s.waitExit(stopLimit)
}

func (s *instance) signal(sig syscall.Signal) {
	s.t.Helper()
	if err := s.process.Process.Signal(sig); err != nil && !s.stopped {
		s.t.Errorf("sending %s: %v", sig, err)
	}
}

func (s *instance) waitExit(limit time.Duration) int {
	s.t.Helper()
	select {
	case <-s.exited:
	case <-time.After(limit):
		_ = s.process.Process.Kill()
		<-s.exited
		s.t.Errorf("appserve did not stop within %s", limit)
	}
	s.stopped = true
	return s.process.ProcessState.ExitCode()
}

// waitLog waits for a line of appserve's log and returns it.
func (s *instance) waitLog(pattern string) string {
	s.t.Helper()
	return s.waitRecord(s.log, pattern)
}

func (s *instance) waitRecord(r *record, pattern string) string {
	s.t.Helper()
	line, ok := r.wait(regexp.MustCompile(pattern), 30*time.Second, s.exited)
	if !ok {
		s.t.Fatalf("no line matches %q in:\n%s\nlog of appserve:\n%s", pattern, r.text(), s.log.text())
	}
	return line
}

// reload sends HUP and returns the verdict, the last line of the reload.
func (s *instance) reload() string {
	s.t.Helper()
	before := len(s.verdicts())
	s.signal(syscall.SIGHUP)
	deadline := time.Now().Add(60 * time.Second)
	for time.Now().Before(deadline) {
		if verdicts := s.verdicts(); len(verdicts) > before {
			return verdicts[before]
		}
		time.Sleep(5 * time.Millisecond)
	}
	s.t.Fatalf("no verdict within 60 s in:\n%s", s.log.text())
	return ""
}

var verdictPattern = regexp.MustCompile(`(?m)^.*reload \d+: (?:live|refused).*$`)

func (s *instance) verdicts() []string {
	return verdictPattern.FindAllString(s.log.text(), -1)
}

// excuse says that error lines matching pattern are what the test is about.
func (s *instance) excuse(pattern string) {
	s.excused = append(s.excused, regexp.MustCompile(pattern))
}

func (s *instance) url(path string) string { return s.scheme + "://" + s.address + path }

// get answers status and body; any failure to get an answer fails the test.
func (s *instance) get(path string) (int, string) {
	s.t.Helper()
	response, err := s.client.Get(s.url(path))
	if err != nil {
		s.t.Fatalf("GET %s: %v", path, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatalf("GET %s: reading the body: %v", path, err)
	}
	return response.StatusCode, string(body)
}

// expect gets path and compares status and body.
func (s *instance) expect(path string, status int, body string) {
	s.t.Helper()
	gotStatus, gotBody := s.get(path)
	if gotStatus != status || body != "" && gotBody != body {
		s.t.Errorf("GET %s: %d %q, want %d %q", path, gotStatus, gotBody, status, body)
	}
}

// exchange sends raw bytes and returns everything until the server closes.
func (s *instance) exchange(request string) string {
	s.t.Helper()
	conn, err := net.Dial("tcp", s.address)
	if err != nil {
		s.t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		s.t.Fatal(err)
	}
	if _, err := io.WriteString(conn, request); err != nil {
		s.t.Fatal(err)
	}
	var answer bytes.Buffer
	_, _ = io.Copy(&answer, conn)
	return answer.String()
}

// lastPort is the last port that freeAddress gave to a test of this process;
// two processes begin apart.
var lastPort atomic.Int32

// freeAddress is a loopback address that nobody listens on. It lies below the
// ports that the kernel gives to connections and to tests that ask for any, so
// that none of them takes it before appserve does.
func freeAddress(t *testing.T) string {
	t.Helper()
	lastPort.CompareAndSwap(0, int32(os.Getpid()*61))
	for range 1000 {
		port := 10000 + uint32(lastPort.Add(1))%20000
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			defer listener.Close()
			return listener.Addr().String()
		}
	}
	t.Fatal("no free port")
	return ""
}

func resolved(t *testing.T, path string) string {
	t.Helper()
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// eventually polls until check returns "", or fails with its last word.
func eventually(t *testing.T, limit time.Duration, check func() string) {
	t.Helper()
	deadline := time.Now().Add(limit)
	for {
		complaint := check()
		if complaint == "" {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("still after %s: %s", limit, complaint)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// kitchen is the configuration that most tests start from: one pool of the
// kitchen application. extra goes into the pool.
func kitchen(extra string) string {
	return fmt.Sprintf(`
appserve {
  allow_root      = true
  spool_directory = "$FOLDER/spool"
}
listener "http" { address = "$ADDRESS" }
pool "kitchen" {
  app   = "kitchen:application"
  chdir = "$APPS"
  env   = { APPSERVE_E2E = "$FOLDER" }
  %s
}
site "kitchen" {
  location "/" { pass = pool.kitchen }
}
`, extra)
}
