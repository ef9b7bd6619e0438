package config

import (
	"net/netip"
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
	IgnoreWarnings  []string // codes of Lints that the loader keeps quiet about
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
	BodyTimeout      time.Duration
	SendTimeout      time.Duration
	MinRate          int64 // of a request body, in bytes per second
	MaxHeaderSize    int64
	MaxHeaderCount   int
	MaxConnections   int // 0: a share of the descriptor limit
	TrustedProxies   Networks
	ClientIPHeader   string
	ProxyProtocol    []netip.Prefix // peers that must send a PROXY head
	H2C              bool
	TLS              *TLS // nil: plain
}

// TLS is the tls block of a listener.
type TLS struct {
	Block
	Pairs      []*CertificatePair // at least one
	MinVersion string             // 1.2 or 1.3
	ClientCA   string             // file; "" when not set
	ClientAuth string             // none, optional, required
	HTTP2      bool
}

// CertificatePair is a certificate chain and its key: a pair block, or the
// certificate and key of the tls block itself (Name is empty then).
type CertificatePair struct {
	Block
	Certificate string // file
	Key         string // file
}

// Networks is a set of addresses, and the peers of unix sockets.
type Networks struct {
	Prefixes []netip.Prefix
	Unix     bool
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
	// CanonicalHost is the host that others of the site are sent to; "": none.
	CanonicalHost string
	RequireHTTPS  bool
	Locations     []*Location
	Defaults      LocationRules // applies where no location matches (its access log and error answers)
}

// LocationRules are the rows that may stand in a location or, as defaults, in
// its site; in a Location they are already merged.
type LocationRules struct {
	StripPrefix    bool
	ScriptName     *string // nil: not set
	MaxBodySize    int64
	RequestTimeout *time.Duration // nil: the pool's (or upstream's); 0: no limit
	AccessLog      AccessLog

	RequestHeaders    *HeaderEdits // Set and Remove only
	ResponseHeaders   *HeaderEdits // what a site says comes before what its location says
	Compress          *Compress    // nil: off
	ErrorPages        []*ErrorPage // a location's replaces its site's of the same name
	Methods           []string     // empty: any
	Allow             *Networks    // nil: everybody
	Deny              *Networks    // nil: nobody
	BasicAuth         *BasicAuth
	Satisfy           string // all or any
	RateLimits        []*RateLimit
	CORS              *CORS
	ClientCertificate string // "" or required
}

// HeaderEdits are changes of a header.
type HeaderEdits struct {
	Set     []HeaderField // replaces what is there
	Default []HeaderField // when nothing is there
	Add     []HeaderField // beside what is there
	Remove  []string
	// Places are the blocks it was made of: the site's, then the location's.
	Places []Source
}

// HeaderField is a name and what it gets.
type HeaderField struct {
	Name  string
	Value Template
}

// Compress is a compress block.
type Compress struct {
	Block
	Types     []string // media types, "text/*" included
	MinSize   int64
	Level     int      // 0: the default of the coding
	Encodings []string // zstd, gzip; by preference
}

// ErrorPage is an error_page block; its Name is a status ("404") or a class ("5xx").
type ErrorPage struct {
	Block
	File        string // or Body
	Body        Template
	ContentType string
	Status      int  // 0: as it was
	Intercept   bool // the application's own answers too
}

// BasicAuth is a basic_auth block.
type BasicAuth struct {
	Block
	Realm     string
	UsersFile string            // htpasswd file; "" when not set
	Users     map[string]string // name -> hash; a secret
}

// RateLimit is a rate_limit block.
type RateLimit struct {
	Block
	Count   int64 // requests ...
	Per     time.Duration
	Burst   int
	Key     Template
	Zone    string // blocks of one zone count together; "": its own
	Status  int
	Methods []string // empty: any
	DryRun  bool
}

// CORS is a cors block.
type CORS struct {
	Block
	Origins     []string
	Headers     []string
	Methods     []string
	Credentials bool
	MaxAge      time.Duration
}

// Location is a location block. Exactly one of Pass, Static, Redirect and Respond is set.
type Location struct {
	Block // Name is the canonical path: "/", "/static" (no trailing slash)
	Also  []string
	// Match is exact, prefix, glob or regex; Name is the pattern of the latter two.
	Match    string
	Priority int // of a regex; the lower one is tried first
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

	Immutable     string   // auto, on, off
	Precompressed []string // br, zstd, gzip; by preference
	Autoindex     bool
	Files         []*StaticFiles
}

// StaticFiles is a files block of a static block; its Name is a glob on the
// part of the path beneath the location.
type StaticFiles struct {
	Block
	Deny            bool
	CacheControl    string
	ContentType     string
	ResponseHeaders *HeaderEdits
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
	GC                string // auto, off
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
