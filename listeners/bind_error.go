package listeners

import (
	"errors"
	"fmt"
	"net"
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/appserve/appserve/listeners/socket"
)

// BindError says which address of which listener cannot be had, where it was
// asked for, and why.
type BindError struct {
	spec socket.Spec
	Err  error
}

// Listener is the name of the listener.
func (e *BindError) Listener() string { return e.spec.Listener }

// Address is the address as it was configured.
func (e *BindError) Address() string { return e.spec.Text }

// Declared is the "file:line" that asked for it.
func (e *BindError) Declared() string { return e.spec.Declared }

// Error names listener, address and place.
func (e *BindError) Error() string {
	at := ""
	if e.spec.Declared != "" {
		at = " (" + e.spec.Declared + ")"
	}
	return fmt.Sprintf("listener %q: address %s%s: %v", e.spec.Listener, e.spec.Text, at, e.Err)
}

// Unwrap gives the cause.
func (e *BindError) Unwrap() error { return e.Err }

// explain turns "address already in use" into what to do about it.
func (s *Server) explain(spec socket.Spec, err error) error {
	switch {
	case errors.Is(err, unix.EADDRINUSE):
		if d := s.holder(spec); d != nil {
			return fmt.Errorf("held by listener %q of the running configuration (%s); stop, or change in two reloads: %w",
				d.name(), d.socket.Spec().Text, err)
		}
		return fmt.Errorf("another process has it; find it with: ss -ltnxp: %w", err)
	case errors.Is(err, unix.EACCES) && spec.Network != "unix":
		return fmt.Errorf("a port below 1024 needs root or CAP_NET_BIND_SERVICE: %w", err)
	case errors.Is(err, unix.EADDRNOTAVAIL):
		return fmt.Errorf("this machine has no such address: %w", err)
	default:
		return err
	}
}

// holder finds the socket of the running generation that is in the way of a
// TCP address: one with the same port.
func (s *Server) holder(spec socket.Spec) *door {
	_, port, err := net.SplitHostPort(spec.Target)
	if err != nil {
		return nil
	}
	for _, d := range s.doors {
		for _, l := range d.socket.Listeners() {
			if a, ok := l.Addr().(*net.TCPAddr); ok && strconv.Itoa(a.Port) == port {
				return d
			}
		}
	}
	return nil
}
