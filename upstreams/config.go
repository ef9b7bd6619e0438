package upstreams

import (
	"fmt"
	"reflect"
	"time"
)

// Protocols an upstream can be spoken to in.
const (
	ProtocolHTTP  = "http"
	ProtocolUWSGI = "uwsgi"
)

// Ways to choose a server.
const (
	LeastConn  = "least_conn"
	RoundRobin = "round_robin"
)

// Config is one upstream block as plain values, defaults written out.
type Config struct {
	Name     string // the label: $upstream and every log line
	Declared string // "file:line" of the block, for messages; may be empty
	Protocol string // ProtocolHTTP or ProtocolUWSGI
	Servers  []Server
	Balance  string // LeastConn or RoundRobin

	Keepalive      int            // idle connections kept per server; 0: none
	ConnectTimeout time.Duration  // 0: no limit
	ReadTimeout    *time.Duration // between two reads; nil: the location's request timeout, else 60 s; 0: no limit
	SendTimeout    time.Duration  // between two writes; 0: no limit
	MaxFails       int            // failures within FailTimeout that set a server aside; 0: never
	FailTimeout    time.Duration  // the window of MaxFails, and how long a server stays set aside
}

// Server is one server block of an upstream.
type Server struct {
	Name           string // the label
	Network        string // "tcp", "tcp4" or "unix", as for net.Dial
	Address        string // "host:port", a socket path, or "@name" of an abstract socket
	Weight         int    // at least 1
	Backup         bool   // used only while no other server is usable
	MaxConnections int    // requests in flight at once; 0: no limit
}

// Equal says whether both configurations build the same group, so that a
// reload can keep the running one with its connections and its knowledge of
// which servers fail. Where a block stands in its file makes no difference.
func (c Config) Equal(other Config) bool {
	c.Declared, other.Declared = "", ""
	return reflect.DeepEqual(c, other)
}

// check reports what the configuration reader must have refused already.
func (c Config) check() error {
	if c.Protocol != ProtocolHTTP && c.Protocol != ProtocolUWSGI {
		return fmt.Errorf("building upstream %q: unknown protocol %q", c.Name, c.Protocol)
	}
	if c.Balance != LeastConn && c.Balance != RoundRobin {
		return fmt.Errorf("building upstream %q: unknown balance %q", c.Name, c.Balance)
	}
	if len(c.Servers) == 0 {
		return fmt.Errorf("building upstream %q: it has no server", c.Name)
	}
	for _, s := range c.Servers {
		if s.Weight < 1 {
			return fmt.Errorf("building upstream %q: server %q has weight %d, the least is 1", c.Name, s.Name, s.Weight)
		}
		if s.Network == "" || s.Address == "" {
			return fmt.Errorf("building upstream %q: server %q has no address", c.Name, s.Name)
		}
	}
	return nil
}
