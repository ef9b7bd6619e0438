package config

import (
	"strconv"
	"time"
)

// Config is one loaded configuration as plain values: every default is
// written out, every reference is a name that exists, every relative path is
// absolute. No hcl or cty value survives in it.
//
// Durations and sizes (bytes) of zero mean "no limit" where the language
// allows a bare 0. Lists keep source order.
type Config struct {
	Server    Server
	Log       Log
	Listeners []*Listener
	Upstreams []*Upstream
	Pools     []*Pool
	Sites     []*Site
}

// Source is a place in a configuration file. The zero value means that no file said it.
type Source struct {
	File   string
	Line   int
	Column int
}

// String is "file:line", or "" when no file said it.
func (s Source) String() string {
	if s.File == "" {
		return ""
	}
	return s.File + ":" + strconv.Itoa(s.Line)
}

// Block is what every configured block has: its label, where it stands, and
// where each of its attributes was set (by attribute name; absent when defaulted).
type Block struct {
	Name    string
	Source  Source
	Sources map[string]Source
}

// Identity is a user and its groups, as names or decimal numbers; empty means "as appserve runs".
type Identity struct {
	User                string
	Group               string
	SupplementaryGroups []string
}

// Server is the appserve block.
type Server struct {
	Block
	Identity        Identity
	AllowRoot       bool
	PIDFile         string
	ShutdownTimeout time.Duration
	SpoolDirectory  string
	SpoolMaxSize    int64
	BootParallel    int
}

// Log is the log block: appserve's own log, and the default access log.
type Log struct {
	Block
	Level     string // trace debug info warn error
	Format    string // text json
	Output    string // stderr, stdout, or an absolute path
	AccessLog AccessLog
}

// AccessLog says whether, where and how requests are logged.
type AccessLog struct {
	Enabled bool
	Output  string   // stderr, stdout, or an absolute path
	Format  string   // combined, json, dev, or "" when Template is used
	Line    Template // set when Format is ""
}

// Template is text with request variables, checked at load.
type Template struct {
	Text  string // as written
	Parts []TemplatePart
}

// TemplatePart is literal text, or a request variable when Variable is not
// empty. Variables with a free tail keep it in Argument: $http_accept is
// {Variable: "http_", Argument: "accept"}.
type TemplatePart struct {
	Literal  string
	Variable string
	Argument string
}

// Listener is a listener block.
type Listener struct {
	Block
	Addresses        []Address
	Mode             uint32 // of a unix socket
	User             string
	Group            string
	Backlog          int
	HeaderTimeout    time.Duration
	KeepaliveTimeout time.Duration
	MaxHeaderSize    int64
}

// Address is one parsed address. Text is canonical and identifies the socket.
type Address struct {
	Text    string // ":80", "127.0.0.1:8000", "unix:/run/x.sock", "unix:@abstract", "systemd:NAME"
	Network string // "tcp", "tcp4" (an IPv4 literal), "unix", "systemd"
	Target  string // for net.Listen: "host:port", the socket path ("@name" when abstract), or the systemd name
}

// Site is a site block.
type Site struct {
	Block
	Listeners []string // listener names
	Hosts     []string // lower case A-labels: exact, "*.example.com", or "*"
	Locations []*Location
	Defaults  LocationRules // applies where no location matches (its access log and error answers)
}

// LocationRules are the rows that may stand in a location or, as defaults, in
// its site; in a Location they are already merged.
type LocationRules struct {
	StripPrefix    bool
	ScriptName     *string // nil: not set
	MaxBodySize    int64
	RequestTimeout *time.Duration // nil: the pool's (or upstream's); 0: no limit
	AccessLog      AccessLog
}

// Location is a location block. Exactly one of Pass, Static, Redirect and Respond is set.
type Location struct {
	Block // Name is the canonical path: "/", "/static" (no trailing slash)
	Also  []string
	Exact bool
	LocationRules
	Pass     *Target
	Static   *Static
	Redirect *Redirect
	Respond  *Respond
}

// Target names a pool or an upstream.
type Target struct {
	Kind string // "pool" or "upstream"
	Name string
}

// Static is a static block.
type Static struct {
	Block
	Directory    string // or File
	File         string
	Index        []string
	Try          []Template // only $rest is allowed in it
	Fallback     *Target
	MaxAge       *time.Duration
	CacheControl string
	Types        map[string]string // extension without dot, lower case -> type
	DefaultType  string
	Charset      string
	Symlinks     string // inside, follow, none
	Dotfiles     bool
}

// Redirect is a redirect block.
type Redirect struct {
	Block
	To     Template
	Status int
}

// Respond is a respond block.
type Respond struct {
	Block
	Status      int
	Body        Template // request variables are allowed
	ContentType string
}

// Pool is a pool block.
type Pool struct {
	Block
	App               string // module:callable, module:factory(), or an absolute file with an optional :callable
	Interface         string // auto, wsgi, asgi
	Chdir             string
	PythonPath        []string
	Virtualenv        string // "" when not set
	Python            string // "" when not set
	Env               map[string]string
	EnvFile           string
	InheritEnv        []string // names or globs
	Identity          Identity // own, or from appserve
	Umask             *uint32  // nil: inherited
	Processes         int
	Threads           int
	QueueSize         int
	QueueTimeout      time.Duration
	BootTimeout       time.Duration
	RequestTimeout    time.Duration
	GracefulTimeout   time.Duration // resolved: the longest request timeout that applies, or as set
	MaxRequests       int
	MaxRequestsJitter int
}

// Upstream is an upstream block.
type Upstream struct {
	Block
	Protocol       string // http, uwsgi
	Servers        []*UpstreamServer
	Balance        string // least_conn, round_robin
	Keepalive      int
	ConnectTimeout time.Duration
	ReadTimeout    *time.Duration // nil: the location's request timeout, else 60 s
	SendTimeout    time.Duration
	MaxFails       int
	FailTimeout    time.Duration
}

// UpstreamServer is a server block of an upstream.
type UpstreamServer struct {
	Block
	Address        Address // tcp or unix
	Weight         int
	Backup         bool
	MaxConnections int
}
