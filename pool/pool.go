package pool

import (
	"context"
	"net/http"
)

// Pool is one generation of one configured pool.
type Pool struct {
	config  Config
	options Options
}

// New checks what can be checked without starting anything (identity, root
// refused, env_file readable) and returns a pool without processes. Every pool
// that New returned ends with Retire or Kill.
func New(c Config, o Options) (*Pool, error) {
	return &Pool{config: c, options: o}, nil
}

// Name is the pool's label.
func (p *Pool) Name() string { return p.config.Name }

// BootCanary boots the first worker. The error is a *BootError, already
// logged, or the context's.
func (p *Pool) BootCanary(ctx context.Context) error { return nil }

// BootRest boots the other workers, as many at once as BootSlots allows. Any
// failure is an error; the caller then kills the pool.
func (p *Pool) BootRest(ctx context.Context) error { return nil }

// KeepBooting is for the first start only, after a failed boot: the handler
// answers 503 boot_failed and the boot is retried with back-off until it succeeds.
func (p *Pool) KeepBooting() {}

// Handler returns the pool as a location's action.
func (p *Pool) Handler(o HandlerOptions) http.Handler { return http.NotFoundHandler() }

// HandOver moves the queued requests to another pool in arrival order; those
// that arrive here later are forwarded to it too.
func (p *Pool) HandOver(to *Pool) {}

// Retire ends the pool: what is running finishes within graceful_timeout, then
// the kill ladder. It returns when all processes are gone, or after killing
// them when ctx ends. It says how many requests finished and how many were cut.
func (p *Pool) Retire(ctx context.Context) (finished, cut int) { return 0, 0 }

// Kill ends all processes at once and waits for them; it is idempotent.
func (p *Pool) Kill() {}
