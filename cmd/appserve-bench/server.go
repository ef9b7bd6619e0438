package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"
)

// server is a peer that runs.
type server struct {
	peer      peer
	setup     *setup
	processes []*process
	asker     asker
	baseline  int64 // RSS of the front after the first load, in bytes
}

// process is one running command.
type process struct {
	command command
	cmd     *exec.Cmd
	log     string
	ended   chan error // Wait's answer, once
}

// How long a server may take until it answers, and until it has ended after SIGTERM.
const (
	bootTime = 30 * time.Second
	stopTime = 10 * time.Second
)

// startServer starts a peer for s and waits until it answers w right.
func startServer(ctx context.Context, p peer, s *setup, a asker, w work) (*server, error) {
	commands, err := p.plan(s)
	if err != nil {
		return nil, err
	}
	srv := &server{peer: p, setup: s, asker: a}
	for _, c := range commands {
		running, err := startProcess(s, c)
		if err != nil {
			srv.stop()
			return nil, err
		}
		srv.processes = append(srv.processes, running)
	}
	if err := srv.await(ctx, w); err != nil {
		err = fmt.Errorf("%w%s", err, srv.complaints())
		srv.stop()
		return nil, err
	}
	return srv, nil
}

// startProcess starts a command with its output in a file, in a group of its own.
func startProcess(s *setup, c command) (*process, error) {
	p := &process{command: c, log: s.file(c.name + ".out"), ended: make(chan error, 1)}
	out, err := os.Create(p.log)
	if err != nil {
		return nil, fmt.Errorf("making a log: %w", err)
	}
	defer out.Close()
	p.cmd = exec.Command(c.argv[0], c.argv[1:]...)
	p.cmd.Dir = s.dir
	p.cmd.Env = append(os.Environ(), c.env...)
	p.cmd.Stdout, p.cmd.Stderr = out, out
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", c.name, err)
	}
	go p.wait()
	return p, nil
}

// wait collects the process; it ends with it.
func (p *process) wait() { p.ended <- p.cmd.Wait() }

// await asks for w until the answer is right.
func (s *server) await(ctx context.Context, w work) error {
	ctx, cancel := context.WithTimeout(ctx, bootTime)
	defer cancel()
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	var last error // that is not about the time that is over
	for {
		err := s.asker.ask(ctx, s.url(w), w)
		if err == nil {
			return nil
		}
		if last == nil || ctx.Err() == nil {
			last = err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for %s: %w", s.peer.name, last)
		case <-ticker.C:
		}
		if dead := s.firstDead(); dead != "" {
			return fmt.Errorf("waiting for %s: %s has ended", s.peer.name, dead)
		}
	}
}

// firstDead names a process that has ended; "" when all run.
func (s *server) firstDead() string {
	for _, p := range s.processes {
		if len(p.ended) > 0 {
			return p.command.name
		}
	}
	return ""
}

// complaints are the last lines that the processes wrote.
func (s *server) complaints() string {
	var b strings.Builder
	for _, p := range s.processes {
		data, err := os.ReadFile(p.log)
		if err != nil || len(data) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n%s wrote:\n%s", p.command.name, data[max(0, len(data)-2000):])
	}
	return b.String()
}

func (s *server) url(w work) string {
	return w.site.scheme() + "://" + s.setup.address() + w.path
}

// fronts are the processes that accept the clients' connections.
func (s *server) fronts() []*process {
	var fronts []*process
	for _, p := range s.processes {
		if p.command.front {
			fronts = append(fronts, p)
		}
	}
	return fronts
}

// roots are the processes that we started.
func (s *server) roots() []int {
	var pids []int
	for _, p := range s.processes {
		pids = append(pids, p.cmd.Process.Pid)
	}
	return pids
}

// stop ends the processes, the one that listens first.
func (s *server) stop() {
	for _, p := range slices.Backward(s.processes) {
		p.stop()
	}
	s.processes = nil
}

// stop asks the process to end and makes sure that its group does.
func (p *process) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // it may have ended already
	select {
	case <-p.ended:
	case <-time.After(stopTime):
	}
	if err := syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		fmt.Fprintf(os.Stderr, "ending %s: %v\n", p.command.name, err)
	}
}

// freePort is a loopback port that nobody listens on now.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("finding a free port: %w", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
