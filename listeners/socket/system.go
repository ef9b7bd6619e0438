// Package socket owns listening sockets: how they are bound, given their
// rights, recognised again at a reload and taken away. Everything it does to
// the machine goes through System. It refuses to know what is spoken on them.
package socket

import (
	"net"
	"os"
)

// FileID says which file a path led to, so that a socket file is only removed
// while it is still ours. Socket is false for any other kind of file.
type FileID struct {
	Device, Inode uint64
	Socket        bool
}

// System is what sockets need of the machine. Kernel is the real one; later a
// privileged parent can stand behind it.
type System interface {
	// Bind makes a socket and binds it, not yet listening. network is tcp
	// (IPv6 and IPv4 where the address does not say), tcp4 or unix; a unix
	// target that starts with @ is abstract. An address that is taken gives EADDRINUSE.
	Bind(network, target string) (*os.File, error)
	// Listen makes a bound socket a listener and takes it over, also on error.
	Listen(bound *os.File, backlog int) (net.Listener, error)
	// SetBacklog changes the backlog of a listener.
	SetBacklog(l net.Listener, backlog int) error
	// Inherited gives the sockets that systemd passed under a name, each time
	// as new listeners, or an error that says which names there are.
	Inherited(name string) ([]net.Listener, error)
	// Probe connects to a unix socket: nil when somebody answers, ECONNREFUSED when it is stale.
	Probe(path string) error
	// Identify looks at a path without following a link; fs.ErrNotExist when there is nothing.
	Identify(path string) (FileID, error)
	// Rights gives the mode and the owner of a path.
	Rights(path string) (Rights, error)
	Chmod(path string, mode uint32) error
	Chown(path string, uid, gid int) error
	Rename(from, to string) error
	Unlink(path string) error
	// Account turns names or decimal numbers into ids; -1 for an empty one.
	Account(user, group string) (uid, gid int, err error)
	// PID is our process id; it makes the temporary name of a socket file ours.
	PID() int
}

// Rights are the mode and the owner of a socket file; an id of -1 leaves that one alone.
type Rights struct {
	Mode     uint32
	UID, GID int
}
