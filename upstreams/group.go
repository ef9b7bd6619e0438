// Package upstreams owns groups of servers that somebody else runs: choosing
// one, connecting, keeping connections, judging health, and forwarding a
// request over HTTP/1.1 or uwsgi while both bodies stream.
//
// It refuses to know configuration files, listeners and pools: a Group is
// built from plain values and its handler sees the listening side only
// through the Exchange interface.
package upstreams

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/appserve/appserve/upstreams/conn"
)

// defaultReadTimeout applies when neither the upstream nor the location sets one.
const defaultReadTimeout = 60 * time.Second

// Options are what a Group needs from the outside world. Every field may be left zero.
type Options struct {
	Logger hclog.Logger                                                         // nil: silence
	Dial   func(ctx context.Context, network, address string) (net.Conn, error) // nil: net.Dialer
	Now    func() time.Time                                                     // nil: time.Now

	// Tunnels knows the group's upgraded connections; it may be shared. nil: nobody does.
	Tunnels *Tunnels
}

// HandlerOptions are what a location adds to its upstream.
type HandlerOptions struct {
	// RequestTimeout is the location's request_timeout: the read timeout of an
	// upstream that sets none of its own. nil: 60 s. 0: no limit.
	RequestTimeout *time.Duration
}

// Group is one upstream: its servers, their idle connections and their health.
type Group struct {
	config   Config
	protocol protocol
	logger   hclog.Logger
	dial     func(ctx context.Context, network, address string) (net.Conn, error)
	now      func() time.Time
	tunnels  *Tunnels

	buffers  conn.Buffers
	forwards sync.Pool // *forward
	uploads  sync.Pool // *uploadBuffer

	mu      sync.Mutex // guards what server says it guards
	servers []*server
}

// New builds a group. It connects to nothing.
func New(c Config, o Options) (*Group, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	g := &Group{config: c, protocol: httpProtocol{}, logger: o.Logger, dial: o.Dial, now: o.Now, tunnels: o.Tunnels}
	if c.Protocol == ProtocolUWSGI {
		g.protocol = uwsgiProtocol{}
	}
	if g.logger == nil {
		g.logger = hclog.NewNullLogger()
	}
	if g.dial == nil {
		g.dial = new(net.Dialer).DialContext
	}
	if g.now == nil {
		g.now = time.Now
	}
	if g.tunnels == nil {
		g.tunnels = new(Tunnels)
	}
	for _, s := range c.Servers {
		g.servers = append(g.servers, newServer(s, g))
	}
	return g, nil
}

// Handler returns a location's way to the group. Its ResponseWriter must be,
// or unwrap to, an Exchange.
func (g *Group) Handler(o HandlerOptions) http.Handler {
	h := &handler{group: g, readTimeout: defaultReadTimeout}
	if o.RequestTimeout != nil {
		h.readTimeout = *o.RequestTimeout
	}
	if g.config.ReadTimeout != nil {
		h.readTimeout = *g.config.ReadTimeout
	}
	return h
}

// Config returns what the group was built from.
func (g *Group) Config() Config { return g.config }

// Close closes the idle connections. Those in use end with their request, and
// none is kept afterwards; the handlers go on working. It is idempotent.
func (g *Group) Close() {
	for _, s := range g.servers {
		s.idle.close()
	}
}
