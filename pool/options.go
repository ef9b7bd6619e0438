package pool

import (
	"time"

	"github.com/hashicorp/go-hclog"
)

// Options are the outside world of a pool.
type Options struct {
	// Logger receives the pool's lines (named "pool") and the application's
	// output (named "app"). Its writer must not block.
	Logger hclog.Logger
	// Spawner starts the worker processes.
	Spawner Spawner
	// BootSlots bounds how many workers boot at once, over all pools; nil: no bound.
	BootSlots *BootSlots
	// Generation is told to the application as APPSERVE_GENERATION.
	Generation int
	// Now is the clock; nil: one that only durations are read from.
	Now func() time.Time
	// ReadFile reads what the kernel says about our cgroup; nil: os.ReadFile.
	ReadFile func(name string) ([]byte, error)
	// Environ is appserve's own environment ("NAME=value"), from which InheritEnv chooses.
	Environ []string
	// Interpreter was found before, by FindInterpreter; when its Path is
	// empty BootCanary looks for one.
	Interpreter Interpreter
}

// HandlerOptions are what a location may say about its requests to a pool.
type HandlerOptions struct {
	// RequestTimeout replaces the pool's; nil: the pool's; 0: no limit.
	RequestTimeout *time.Duration
}
