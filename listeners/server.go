package listeners

import (
	"context"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/appserve/appserve/listeners/body"
	"github.com/appserve/appserve/listeners/exchange"
	"github.com/appserve/appserve/listeners/routing"
	"github.com/appserve/appserve/listeners/socket"
)

// Options are what a Server needs of its surroundings.
type Options struct {
	Logger hclog.Logger
	Bodies *body.Store      // keeps request bodies; nil: a store of its own, without a spool
	System socket.System    // nil: the machine, without sockets from systemd
	Now    func() time.Time // nil: the clock
}

// Server serves HTTP on sockets that come and go with generations. One
// transition is open at a time; everything else may be called concurrently.
type Server struct {
	logger hclog.Logger
	system socket.System
	maker  *exchange.Maker
	conns  registry
	live   atomic.Pointer[live]

	stopping atomic.Bool
	mu       sync.Mutex // sockets and transitions
	doors    map[string]*door
	quotas   map[string]*quota // by listener
	pending  *Transition
	stopped  bool
}

// live is what a request needs of the current generation, read once for each.
type live struct {
	routes *Routes
	tables map[*door]*routing.Hosts[*site] // nil for a listener without sites
}

// NewServer makes a server without sockets.
func NewServer(o Options) *Server {
	if o.Logger == nil {
		o.Logger = hclog.NewNullLogger()
	}
	if o.System == nil {
		o.System = socket.NewKernel(nil)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Bodies == nil {
		o.Bodies = body.NewStore(body.Options{})
	}
	return &Server{
		logger: o.Logger.Named("listener"), system: o.System,
		maker: exchange.NewMaker(o.Bodies, o.Now), doors: map[string]*door{}, quotas: map[string]*quota{},
	}
}

// acquire gives the current generation with its routes counted up. At the end
// of a stop there may be no current one any more; the last one serves then.
func (s *Server) acquire() *live {
	for {
		l := s.live.Load()
		if l.routes.acquire() {
			return l
		}
		if s.stopping.Load() {
			l.routes.users.Add(1)
			return l
		}
	}
}

// Addresses are those a listener has in the running generation, as the kernel
// says them.
func (s *Server) Addresses(listener string) []net.Addr {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []net.Addr
	for _, d := range s.doors {
		if d.name() != listener {
			continue
		}
		for _, l := range d.socket.Listeners() {
			found = append(found, l.Addr())
		}
	}
	return found
}

// Stop ends gracefully: no new connections, what waits in the backlog is still
// served, idle connections are closed, requests and hijacked connections end
// by themselves until ctx does; the rest is cut, and the error says how much.
func (s *Server) Stop(ctx context.Context) error {
	s.shut()
	for _, c := range s.conns.all(nil) {
		c.retire()
	}
	var err error
	select {
	case <-s.conns.drained():
	case <-ctx.Done():
		if n := len(s.conns.all(nil)); n > 0 {
			err = fmt.Errorf("stopping: %d connections cut: %w", n, context.Cause(ctx))
		}
	}
	s.cut()
	return err
}

// Close ends at once; requests in flight are cut.
func (s *Server) Close() error {
	s.shut()
	s.cut()
	return nil
}

// shut closes the sockets. It is idempotent.
func (s *Server) shut() {
	s.stopping.Store(true)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.doors {
		if err := d.shut(); err != nil {
			s.logger.Warn("closing a socket", "listener", d.name(), "error", err)
		}
	}
	s.doors = map[string]*door{}
}

// cut closes what is left and lets go of the routes.
func (s *Server) cut() {
	for _, c := range s.conns.all(nil) {
		c.cut()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if l := s.live.Load(); l != nil && !s.stopped {
		l.routes.release()
	}
	s.stopped = true
}
