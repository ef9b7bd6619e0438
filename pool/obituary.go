package pool

import (
	"fmt"
	"syscall"
	"time"

	"github.com/hashicorp/go-hclog"
)

// obituary is what is said about a worker that died.
type obituary struct {
	worker   *worker
	cause    string
	uptime   time.Duration
	requests int
	inFlight int
	sound    bool // it had worked well for a while
	wanted   bool // it was replaced because of one request
}

// obituary collects it; the process has ended.
func (s *seat) obituary(w *worker) obituary {
	p := s.pool
	status := w.process.Status()
	uptime := p.now().Sub(w.begun)
	p.mu.Lock()
	d := obituary{worker: w, cause: causeOf(status), uptime: uptime, requests: w.served, inFlight: w.inFlight}
	reason := w.reason
	p.mu.Unlock()
	if reason != "" {
		d.cause = reason + ", " + d.cause
	} else if status.Signal == syscall.SIGKILL && p.oom.killed(p.now()) {
		d.cause += ", out of memory (oom_kill in memory.events)"
	}
	d.wanted = reason == reasonTimeout || reason == reasonCloseTimeout || reason == reasonSIGTERM
	d.sound = uptime >= soundLife || d.requests >= soundRequests
	return d
}

// How a worker ends by itself; pool/python says so too.
const (
	exitLinkClosed = 71 // the application closed its descriptors, control among them
	exitProtocol   = 72 // it was sent what it does not understand
)

// causeOf explains how a process ended, with the meaning of the worker's own
// exit codes.
func causeOf(status Status) string {
	switch {
	case status.Signal != 0:
		return status.String()
	case status.Code == 0:
		return "exit status 0, although nobody asked it to exit"
	case status.Code == exitLinkClosed:
		return status.String() + ": the application closed its link to appserve"
	case status.Code == exitProtocol:
		return status.String() + ": the worker did not understand appserve; this is a bug"
	}
	return status.String()
}

// reportDeath logs a death, with one more fact about what comes next.
func (s *seat) reportDeath(d obituary, key string, value any) {
	level := s.levelOf()
	if d.inFlight > 0 {
		level = hclog.Warn // somebody got 502 and looks for the reason
	}
	d.worker.log().Log(level, "worker died", "cause", d.cause, "uptime", uptimeText(d.uptime),
		"requests", d.requests, "in_flight", d.inFlight, key, value)
	const turning = 3
	if s.deaths.failures == turning {
		s.pool.log.Log(hclog.Warn, "workers keep dying; backing off, and only deaths that cost a request are logged now",
			"pool", s.pool.config.Name, "slot", s.number)
	}
}

// uptimeText renders a long duration for people: "3h12m", "2m5s", "0.42s".
func uptimeText(d time.Duration) string {
	switch {
	case d >= time.Hour:
		return fmt.Sprintf("%dh%dm", int(d.Hours()), int(d.Minutes())%60)
	case d >= time.Minute:
		return fmt.Sprintf("%dm%ds", int(d.Minutes()), int(d.Seconds())%60)
	}
	return seconds(d)
}
