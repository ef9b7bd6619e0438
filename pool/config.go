package pool

import "time"

// Config is what one pool is told: plain values, defaults already written
// out, paths absolute. A duration or count of zero means "no limit" unless
// its comment says otherwise.
type Config struct {
	// Name is the label of the pool; Declared is "file:line" of its block.
	Name     string
	Declared string

	// App is module:callable, module:factory(), or an absolute file with an
	// optional :callable. Interface is auto, wsgi or asgi.
	App        string
	Interface  string
	Chdir      string
	PythonPath []string

	// Virtualenv and Python are empty when not set; Python wins.
	Virtualenv string
	Python     string

	// Env wins over EnvFile (dotenv), which wins over InheritEnv (names or globs).
	Env        map[string]string
	EnvFile    string
	InheritEnv []string

	Identity  Identity
	AllowRoot bool
	Umask     *uint32 // nil: inherited

	Processes int // at least 1
	Threads   int // per process, at least 1

	GC string // auto: collected between requests; off: as Python does

	QueueSize    int
	QueueTimeout time.Duration

	BootTimeout     time.Duration
	RequestTimeout  time.Duration
	GracefulTimeout time.Duration

	MaxRequests       int
	MaxRequestsJitter int // at most this many requests more, chosen per worker
}

// Identity is a user and its groups, as names or decimal numbers; empty means
// "as appserve runs".
type Identity struct {
	User                string
	Group               string
	SupplementaryGroups []string
}
