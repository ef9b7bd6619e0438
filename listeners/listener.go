package listeners

import (
	"time"

	"github.com/appserve/appserve/listeners/certificates"
	"github.com/appserve/appserve/listeners/identity"
	"github.com/appserve/appserve/listeners/networks"
	"github.com/appserve/appserve/listeners/socket"
)

// Listener is a configured listener: where it listens, and what holds for the
// connections it accepts.
type Listener struct {
	Name      string
	Addresses []Address
	Mode      uint32 // of a unix socket
	User      string // of a unix socket; a name, a number, or empty: as we run
	Group     string
	Backlog   int

	HeaderTimeout    time.Duration // for a whole request head; 0: no limit
	KeepaliveTimeout time.Duration // between requests; 0: no limit
	BodyTimeout      time.Duration // of a request body without a byte; 0: no limit
	MinRate          int64         // of a request body after its first seconds, in bytes per second; 0: no limit
	MaxHeaderSize    int64         // of a request head, in bytes
	MaxHeaderCount   int           // field lines of a request head; 0: no limit

	Trust          *identity.Trust // who may say whom a request is from; nil: nobody
	ProxyProtocol  *networks.Set   // peers that have to send a PROXY head; nil: none
	MaxConnections int             // open at once; 0: a share of the descriptor limit

	TLS         *certificates.Set // nil: plain text
	H2C         bool              // HTTP/2 without TLS, by prior knowledge
	SendTimeout time.Duration     // for the client to take some of a response; 0: no limit

	Declared string // "file:line", for messages
}

// Address is one parsed address of a listener.
type Address struct {
	Text    string // as in messages: ":80", "unix:/run/x.sock", "systemd:NAME"
	Network string // "tcp", "tcp4", "unix" or "systemd"
	Target  string // "host:port", the socket path ("@name" when abstract), or the systemd name
}

// spec is what the address needs to be bound.
func (l *Listener) spec(a Address) socket.Spec {
	return socket.Spec{
		Listener: l.Name, Declared: l.Declared,
		Text: a.Text, Network: a.Network, Target: a.Target,
		Backlog: l.Backlog, Mode: l.Mode, User: l.User, Group: l.Group,
	}
}
