package upstreams

import (
	"context"
	"errors"
	"net"
	"syscall"
	"time"

	"github.com/appserve/appserve/upstreams/conn"
)

// server is one server of a group.
type server struct {
	Server
	label string // the address as the language spells it
	idle  idle

	// Guarded by Group.mu.
	active int // requests in flight
	turn   int // of the smooth weighted round robin
	health health
}

func newServer(s Server, g *Group) *server {
	label := s.Address
	if s.Network == "unix" {
		label = "unix:" + label
	}
	keep := 0
	if g.protocol.keepsAlive() {
		keep = g.config.Keepalive
	}
	return &server{Server: s, label: label, idle: idle{keep: keep, now: g.now}}
}

func (s *server) full() bool { return s.MaxConnections > 0 && s.active >= s.MaxConnections }

// connect opens a new connection within the connect timeout.
func (g *Group) connect(ctx context.Context, s *server) (*conn.Conn, error) {
	if limit := g.config.ConnectTimeout; limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	for wait := time.Millisecond; ; wait = min(2*wait, 50*time.Millisecond) {
		nc, err := g.dial(ctx, s.Network, s.Address)
		if err == nil {
			return conn.New(nc, &g.buffers), nil
		}
		if !backlogFull(s, err) || !sleep(ctx, wait) {
			return nil, err
		}
	}
}

// backlogFull recognises a unix socket that has no room for another
// connection right now. TCP waits in that case; a unix socket answers at once.
func backlogFull(s *server, err error) bool {
	return s.Network == "unix" && errors.Is(err, syscall.EAGAIN)
}

// sleep waits, and says whether ctx still lives.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// isConnectTimeout says whether a connect ended because nobody answered.
func isConnectTimeout(err error) bool {
	var ne net.Error
	return errors.Is(err, context.DeadlineExceeded) || (errors.As(err, &ne) && ne.Timeout())
}
