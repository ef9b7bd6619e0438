package listeners

import (
	"context"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/appserve/appserve/listeners/accesslog"
	"github.com/appserve/appserve/listeners/socket"
)

// Options are what a Server needs of its surroundings.
type Options struct {
	Logger hclog.Logger
	Bodies Bodies        // where request bodies are kept
	System socket.System // nil: the machine, without sockets from systemd
	Now    func() time.Time
}

// Bodies will be body.Store.
type Bodies interface{}

// Server serves HTTP on sockets that come and go with generations.
type Server struct{}

// NewServer makes a server without sockets.
func NewServer(o Options) *Server { return &Server{} }

// Prepare binds what the listeners need and the server does not have yet.
// On error nothing has changed; the error is a *BindError.
func (s *Server) Prepare(ls []Listener) (*Transition, error) { return &Transition{}, nil }

// Transition is a prepared change of sockets.
type Transition struct{}

// Commit makes the new sockets and routes live. It fails only before anything
// has changed (a mode or an owner that cannot be set); Abort is due then.
func (t *Transition) Commit(r *Routes) error { return nil }

// Abort undoes Prepare.
func (t *Transition) Abort() {}

// Routes is the routing of one generation.
type Routes struct{}

// NewRoutes checks and compiles sites. unmatched logs requests that reach no
// site, and those that could not be understood; nil: not logged.
func NewRoutes(sites []Site, unmatched *accesslog.Log) (*Routes, error) { return &Routes{}, nil }

// Idle is closed once the routes were replaced and their last request ended.
func (r *Routes) Idle() <-chan struct{} { return nil }

// Stop ends gracefully.
func (s *Server) Stop(ctx context.Context) error { return nil }

// Close ends at once.
func (s *Server) Close() error { return nil }
