package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// witnessText serves the application that says which generation answers.
const witnessText = `
appserve {
  allow_root      = true
  spool_directory = "$FOLDER/spool"
}
listener "http" {
  address = "$ADDRESS"
}
pool "witness" {
  app       = "witness:application"
  chdir     = "$APPS"
  processes = 2
  env = {
    APPSERVE_E2E            = "$FOLDER"
    PYTHONDONTWRITEBYTECODE = "1"
  }
}
site "witness" {
  listeners = [listener.http]
  location "/" { pass = pool.witness }
}
`

// witness is witnessText with parts of it replaced: old, new, old, new.
func (s *instance) witness(changes ...string) string {
	s.t.Helper()
	for n := 0; n < len(changes); n += 2 {
		if !strings.Contains(witnessText, changes[n]) {
			s.t.Fatalf("the configuration of the witness does not hold %q", changes[n])
		}
	}
	return strings.NewReplacer(changes...).Replace(witnessText)
}

// serveWitness starts appserve with the witness.
func serveWitness(t *testing.T, changes ...string) *instance {
	t.Helper()
	s := newInstance(t)
	s.configure(s.witness(changes...))
	s.launch(s.command())
	return s
}

// command is how the configuration is served.
func (s *instance) command() *exec.Cmd {
	return exec.Command(binary, "-c", filepath.Join(s.folder, "conf.d"))
}

// launch starts a command that is, or becomes, appserve, and waits until it serves.
func (s *instance) launch(command *exec.Cmd) {
	s.t.Helper()
	s.process = command
	s.process.Stdout, s.process.Stderr = s.access, s.log
	if err := s.process.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.exited = make(chan struct{})
	go s.wait()
	s.t.Cleanup(s.finish)
	s.waitLog(`appserve: serving`)
	s.opened = s.descriptors()
}

// live makes a configuration the live one.
func (s *instance) live(text string) {
	s.t.Helper()
	s.configure(text)
	s.reloadLive()
}

func (s *instance) reloadLive() {
	s.t.Helper()
	if verdict := s.reload(); !strings.Contains(verdict, ": live") {
		s.t.Fatal(verdict)
	}
}

// expectGeneration asks who answers now.
func (s *instance) expectGeneration(number int) {
	s.t.Helper()
	s.expect("/generation", http.StatusOK, fmt.Sprintf("generation %d", number))
}

// enter sends a request that stays in the application until the gate is
// opened, and waits until it is there.
func (s *instance) enter(gate string) <-chan string {
	s.t.Helper()
	answer := s.later("/gate?name=" + gate)
	s.awaitEntered(gate)
	return answer
}

func (s *instance) awaitEntered(gate string) {
	s.t.Helper()
	eventually(s.t, 20*time.Second, func() string {
		if _, err := os.Stat(filepath.Join(s.folder, gate+".entered")); err != nil {
			return err.Error()
		}
		return ""
	})
}

func (s *instance) open(gate string) {
	s.t.Helper()
	s.write(gate+".open", "")
}

// answered waits for the answer to a request of the background.
func (s *instance) answered(answer <-chan string, want string) {
	s.t.Helper()
	select {
	case got := <-answer:
		if !regexp.MustCompile("^(?:" + want + ")$").MatchString(got) {
			s.t.Errorf("a request got %q, want %s", got, want)
		}
	case <-time.After(40 * time.Second):
		s.t.Errorf("a request got no answer, want %s", want)
	}
}
