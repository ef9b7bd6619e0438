package socket

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// Socket is a listening socket that outlives generations as long as its
// identity stays in the configuration. Its methods are called by one goroutine
// at a time.
type Socket struct {
	system    System
	spec      Spec
	listeners []net.Listener // one; more only when systemd passed several under one name
	file      FileID         // of a socket file
	birth     Rights         // of that file before anything was configured
	rights    Rights         // as configured
}

// Open binds an address and listens on it. A stale socket file is replaced; a
// live one, or another kind of file, is an error. Nothing is left behind on error.
func Open(system System, spec Spec) (*Socket, error) {
	s := &Socket{system: system, spec: spec}
	var err error
	switch {
	case spec.Network == "systemd":
		s.listeners, err = system.Inherited(spec.Target)
	case spec.file() != "":
		err = s.openFile()
	default:
		err = s.openAddress()
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Spec is the address the socket was opened for, or last adopted.
func (s *Socket) Spec() Spec { return s.spec }

// Listeners are what to accept on.
func (s *Socket) Listeners() []net.Listener { return s.listeners }

// Inherited reports a socket that systemd goes on holding when we let go of it.
func (s *Socket) Inherited() bool { return s.spec.Network == "systemd" }

func (s *Socket) openAddress() error {
	bound, err := s.system.Bind(s.spec.Network, s.spec.Target)
	if err != nil {
		return err
	}
	l, err := s.system.Listen(bound, s.spec.Backlog)
	if err != nil {
		return err
	}
	s.listeners = []net.Listener{l}
	return nil
}

// openFile makes a socket file that never has a wrong mode while somebody can
// connect to it: under a temporary name it gets its rights, then it listens,
// then it takes its place.
func (s *Socket) openFile() (err error) {
	path := s.spec.file()
	if err := s.vacant(path); err != nil {
		return err
	}
	if s.rights, err = s.wanted(s.spec); err != nil {
		return err
	}
	temporary := path + ".tmp." + strconv.Itoa(s.system.PID())
	bound, err := s.bindTemporary(temporary)
	if err != nil {
		return err
	}
	l, err := s.listenAt(bound, temporary, path)
	if err != nil {
		return errors.Join(err, s.system.Unlink(temporary))
	}
	s.listeners = []net.Listener{l}
	return nil
}

// bindTemporary binds to a name that only we use; what is there is of an
// earlier process with our id.
func (s *Socket) bindTemporary(path string) (*os.File, error) {
	bound, err := s.system.Bind("unix", path)
	if !taken(err) {
		return bound, err
	}
	if err := s.system.Unlink(path); err != nil {
		return nil, err
	}
	return s.system.Bind("unix", path)
}

func (s *Socket) listenAt(bound *os.File, temporary, path string) (net.Listener, error) {
	birth, err := s.system.Rights(temporary)
	if err != nil {
		bound.Close()
		return nil, err
	}
	if err := apply(s.system, temporary, s.rights); err != nil {
		bound.Close()
		return nil, err
	}
	file, err := s.system.Identify(temporary)
	if err != nil {
		bound.Close()
		return nil, err
	}
	l, err := s.system.Listen(bound, s.spec.Backlog)
	if err != nil {
		return nil, err
	}
	if err := s.system.Rename(temporary, path); err != nil {
		l.Close()
		return nil, err
	}
	s.file, s.birth = file, birth
	return l, nil
}

// vacant checks that a path is free, or holds a socket that nobody serves.
func (s *Socket) vacant(path string) error {
	there, err := s.system.Identify(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !there.Socket:
		return fmt.Errorf("%s is there and is no socket; remove it or choose another path", path)
	}
	err = s.system.Probe(path)
	switch {
	case err == nil:
		return fmt.Errorf("another process answers on %s: %w", path, unix.EADDRINUSE)
	case errors.Is(err, unix.ECONNREFUSED), errors.Is(err, fs.ErrNotExist):
		return nil
	default:
		return fmt.Errorf("cannot tell whether somebody still uses %s: %w", path, err)
	}
}

func (s *Socket) wanted(spec Spec) (Rights, error) {
	uid, gid, err := s.system.Account(spec.User, spec.Group)
	if err != nil {
		return Rights{}, err
	}
	return Rights{Mode: spec.Mode, UID: uid, GID: gid}, nil
}

func apply(system System, path string, r Rights) error {
	if err := system.Chmod(path, r.Mode); err != nil {
		return err
	}
	if r.UID == -1 && r.GID == -1 {
		return nil
	}
	return system.Chown(path, r.UID, r.GID)
}

// Ours reports whether the socket can still be reached as configured: its file
// is there and is the one we made. Sockets without a file always can.
func (s *Socket) Ours() bool {
	path := s.spec.file()
	if path == "" {
		return true
	}
	there, err := s.system.Identify(path)
	return err == nil && there == s.file
}

// Adopt applies the backlog and the rights of a new specification with the
// same identity. On error everything is as before; undo takes it back later.
func (s *Socket) Adopt(spec Spec) (undo func(), err error) {
	before, beforeRights := s.spec, s.rights
	var old Rights
	path := spec.file()
	mine := path != "" && s.Ours()
	if mine {
		rights, err := s.wanted(spec)
		if err != nil {
			return nil, err
		}
		if old, err = s.system.Rights(path); err != nil {
			return nil, err
		}
		if rights != beforeRights {
			if err := apply(s.system, path, s.owned(rights)); err != nil {
				return nil, errors.Join(err, apply(s.system, path, old))
			}
		}
		s.rights = rights
	}
	if err := s.setBacklog(spec.Backlog); err != nil {
		if mine {
			err = errors.Join(err, apply(s.system, path, old))
		}
		s.rights = beforeRights
		return nil, err
	}
	s.spec = spec
	return func() {
		s.spec, s.rights = before, beforeRights
		_ = s.setBacklog(before.Backlog) // what was possible before is possible again
		if mine && s.Ours() {
			_ = apply(s.system, path, old)
		}
	}, nil
}

// owned is what rights mean for a file that may have another owner by now:
// whoever is not configured any more gives way to the one of its birth.
func (s *Socket) owned(rights Rights) Rights {
	if rights.UID == -1 && s.rights.UID != -1 {
		rights.UID = s.birth.UID
	}
	if rights.GID == -1 && s.rights.GID != -1 {
		rights.GID = s.birth.GID
	}
	return rights
}

func (s *Socket) setBacklog(n int) error {
	if n == s.spec.Backlog || s.Inherited() {
		return nil
	}
	for _, l := range s.listeners {
		if err := s.system.SetBacklog(l, n); err != nil {
			return err
		}
	}
	return nil
}

// Withdraw removes the socket file while it is ours, so that nobody new finds
// the socket. What waits in its backlog can still be accepted.
func (s *Socket) Withdraw() error {
	path := s.spec.file()
	if path == "" || !s.Ours() {
		return nil
	}
	return s.system.Unlink(path)
}

// Close withdraws the socket and stops listening.
func (s *Socket) Close() error {
	failed := []error{s.Withdraw()}
	for _, l := range s.listeners {
		failed = append(failed, l.Close())
	}
	return errors.Join(failed...)
}
