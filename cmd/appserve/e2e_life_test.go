package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestLife_SignalsAndExitCodes(t *testing.T) {
	for _, c := range []struct {
		signal syscall.Signal
		answer string // of a request that is in flight
	}{
		{syscall.SIGTERM, "200 passed in version 1"},
		{syscall.SIGQUIT, "200 passed in version 1"},
		{syscall.SIGINT, ""},
	} {
		t.Run(c.signal.String(), func(t *testing.T) {
			t.Parallel()
			s := serve(t, kitchen("processes = 1"))
			answer := s.enter("signalled")
			s.signal(c.signal)
			if c.answer != "" {
				s.waitLog(`appserve: stopping`)
				s.open("signalled")
			}
			if code := s.waitExit(stopLimit); code != exitStopped {
				t.Errorf("exit code %d, want 0", code)
			}
			if got := <-answer; c.answer != "" && got != c.answer {
				t.Errorf("the request in flight got %q, want %q", got, c.answer)
			}
		})
	}
}

func TestLife_PIDFileAndShutdownTimeout(t *testing.T) {
	t.Parallel()
	s := newInstance(t)
	s.configure(strings.Replace(kitchen("processes = 1"), "allow_root      = true", `allow_root      = true
  pid_file         = "$FOLDER/run/appserve.pid"
  shutdown_timeout = "1s"`, 1))
	s.start()
	s.waitLog(`appserve: serving`)
	if got, want := s.read("run/appserve.pid"), fmt.Sprintf("%d\n", s.process.Process.Pid); got != want {
		t.Errorf("pid file holds %q, want %q", got, want)
	}
	answer := s.enter("never_opened")
	began := time.Now()
	if code := s.stop(syscall.SIGTERM); code != exitStopped {
		t.Errorf("exit code %d", code)
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("stopping took %s with a shutdown_timeout of 1s", took)
	}
	<-answer
}

// startCase is one way for a start to fail.
type startCase struct {
	name   string
	change func(text string) string
	code   int
	says   string // in the log
}

func pidFileAt(path string) func(string) string {
	return func(text string) string {
		return strings.Replace(text, "allow_root      = true", "allow_root      = true\n  pid_file        = \""+path+"\"", 1)
	}
}

func TestLife_ExitCodesOfAFailedStart(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	cases := []startCase{
		{"mistake", func(text string) string { return text + "\nnonsense {}\n" }, exitConfiguration, "nonsense"},
		{"busy port", func(text string) string { return strings.Replace(text, "$ADDRESS", taken.Addr().String(), 1) }, exitCannotStart, `main\.hcl:`},
		{"no interpreter", func(text string) string {
			return strings.Replace(text, "pool \"kitchen\" {", "pool \"kitchen\" {\n  python = \"/no/such/python\"", 1)
		}, exitCannotStart, `no pool booted: pool "kitchen" .*/no/such/python.* \(.*main\.hcl:\d+\)`},
		{"no module", func(text string) string { return strings.Replace(text, "kitchen:application", "larder:application", 1) },
			exitCannotStart, `no pool booted: pool "kitchen" .*larder.* \(.*main\.hcl:\d+\)`},
		{"pid file that is a folder", pidFileAt("$FOLDER/run"),
			exitConfiguration, `This pid file is a folder\n\n  on .*main\.hcl line \d+`},
	}
	if os.Geteuid() == 0 {
		// Nothing can be made in /proc, though root may write there.
		cases = append(cases, startCase{"pid file that cannot be made", pidFileAt("/proc/appserve.pid"),
			exitCannotStart, `main\.hcl:\d+: writing pid_file: `})
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newInstance(t)
			s.excuse(`.`)
			s.configure(c.change(kitchen("processes = 1")))
			s.start()
			if code := s.waitExit(30 * time.Second); code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
			if !regexp.MustCompile(c.says).MatchString(s.log.text()) {
				t.Errorf("the message does not name %q:\n%s", c.says, s.log.text())
			}
		})
	}
	t.Run("usage", func(t *testing.T) {
		if err := exec.Command(binary, "-nonsense").Run(); err == nil || err.(*exec.ExitError).ExitCode() != exitUsage {
			t.Errorf("an unknown flag: %v, want exit code 2", err)
		}
	})
}

func TestLife_ReopensLogsOnUSR1(t *testing.T) {
	t.Parallel()
	s := newInstance(t)
	s.configure(kitchen("processes = 1") + `
log {
  access_log {
    output = "$FOLDER/access.log"
    format = "$method $path $status"
  }
}
`)
	s.start()
	s.waitLog(`appserve: serving`)
	s.expect("/hello", http.StatusOK, "hello\n")
	s.waitFile("access.log", "GET /hello 200\n")
	if err := os.Rename(filepath.Join(s.folder, "access.log"), filepath.Join(s.folder, "access.log.1")); err != nil {
		t.Fatal(err)
	}
	s.signal(syscall.SIGUSR1)
	s.waitLog(`logs reopened`)
	s.expect("/version", http.StatusOK, "1")
	s.waitFile("access.log", "GET /version 200\n")
}

func (s *instance) waitFile(name, content string) {
	s.t.Helper()
	eventually(s.t, 20*time.Second, func() string {
		got, err := os.ReadFile(filepath.Join(s.folder, name))
		if err != nil || string(got) != content {
			return fmt.Sprintf("%s holds %q, %v; want %q", name, got, err, content)
		}
		return ""
	})
}

func TestLife_StalledLogReaderSlowsNobody(t *testing.T) {
	t.Parallel() // most of it waits for the notice of lost lines
	s := newInstance(t)
	s.configure(kitchen("processes = 2") + "\nlog {\n  level = \"debug\"\n  access_log {\n    output = \"stderr\"\n  }\n}\n")
	s.process = exec.Command(binary, "-c", filepath.Join(s.folder, "conf.d"))
	stderr, err := s.process.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.process.Start(); err != nil {
		t.Fatal(err)
	}
	s.exited = make(chan struct{})
	t.Cleanup(s.finish)
	reader := bufio.NewReader(stderr)
	for {
		line, err := reader.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(line, "appserve: serving") {
			break
		}
	}
	// From here on nobody reads: 64 KiB of pipe, then 8 MiB of ring, then lines are lost.
	load := startLoad(s, "/hello?padding="+strings.Repeat("x", 12000), 8, is200)
	eventually(t, 120*time.Second, func() string {
		if n := load.count(); n < 1000 {
			return fmt.Sprintf("only %d requests", n)
		}
		return ""
	})
	load.mustBeClean(t)
	if load.slowest > 10*time.Second { // one that waited for the reader would wait for ever
		t.Errorf("a request took %s while the log was stalled", load.slowest)
	}
	go s.drainAndWait(reader)
	s.waitLog(`lines lost`)
}

// drainAndWait reads what the stalled reader left, then waits for the end.
func (s *instance) drainAndWait(reader io.Reader) {
	_, _ = io.Copy(s.log, reader)
	s.wait()
}

func TestLife_UnixSocket(t *testing.T) {
	t.Parallel()
	s := newInstance(t)
	s.configure(strings.Replace(kitchen("processes = 1"), `{ address = "$ADDRESS" }`, `{
  address = ["$ADDRESS", "unix:$FOLDER/run/app.sock"]
  mode    = "0600"
}`, 1))
	s.start()
	s.waitLog(`appserve: serving`)
	path := filepath.Join(s.folder, "run/app.sock")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the socket is %v, %v; want mode 0600", info.Mode(), err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", path)
		}}}
	for range 2 {
		if status, body, err := fetch(client, "http://unix/hello"); status != http.StatusOK || body != "hello\n" {
			t.Errorf("over the unix socket: %d %q %v", status, body, err)
		}
		if verdict := s.reload(); !strings.Contains(verdict, "live") {
			t.Error(verdict)
		}
	}
}
