package socket

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/user"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Kernel is the machine we run on. The zero value has no inherited sockets.
type Kernel struct {
	inherited *Inherited
}

// NewKernel is the machine with the sockets that systemd passed; nil: none.
func NewKernel(inherited *Inherited) *Kernel {
	return &Kernel{inherited: inherited}
}

// Bind implements System with CLOEXEC and NONBLOCK from birth, SO_REUSEADDR
// and never SO_REUSEPORT, which would let a second appserve share the port.
func (k *Kernel) Bind(network, target string) (*os.File, error) {
	domain, address, err := socketAddress(network, target)
	if err != nil {
		return nil, err
	}
	fd, err := unix.Socket(domain, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil, os.NewSyscallError("socket", err)
	}
	if err := prepare(fd, domain, target); err != nil {
		unix.Close(fd)
		return nil, err
	}
	if err := unix.Bind(fd, address); err != nil {
		unix.Close(fd)
		return nil, os.NewSyscallError("bind", err)
	}
	return os.NewFile(uintptr(fd), target), nil
}

func prepare(fd, domain int, target string) error {
	if domain == unix.AF_UNIX {
		return nil
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1); err != nil {
		return os.NewSyscallError("setsockopt SO_REUSEADDR", err)
	}
	if domain != unix.AF_INET6 {
		return nil
	}
	only := 1 // an address that is spelled out is that one family
	if host, _, _ := net.SplitHostPort(target); host == "" || host == "::" {
		only = 0
	}
	if err := unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, only); err != nil {
		return os.NewSyscallError("setsockopt IPV6_V6ONLY", err)
	}
	return nil
}

// socketAddress turns a target into what bind takes.
func socketAddress(network, target string) (domain int, address unix.Sockaddr, err error) {
	if network == "unix" {
		return unix.AF_UNIX, &unix.SockaddrUnix{Name: target}, nil
	}
	resolved, err := net.ResolveTCPAddr(network, target)
	if err != nil {
		return 0, nil, err
	}
	if ip := resolved.IP.To4(); ip != nil || network == "tcp4" {
		a := &unix.SockaddrInet4{Port: resolved.Port}
		copy(a.Addr[:], ip)
		return unix.AF_INET, a, nil
	}
	if resolved.IP == nil && !hasIPv6() {
		return unix.AF_INET, &unix.SockaddrInet4{Port: resolved.Port}, nil
	}
	a := &unix.SockaddrInet6{Port: resolved.Port}
	copy(a.Addr[:], resolved.IP.To16())
	if resolved.Zone != "" {
		link, err := net.InterfaceByName(resolved.Zone)
		if err != nil {
			return 0, nil, fmt.Errorf("zone %q: %w", resolved.Zone, err)
		}
		a.ZoneId = uint32(link.Index)
	}
	return unix.AF_INET6, a, nil
}

// hasIPv6 reports whether the machine speaks IPv6 at all; ":80" means IPv4 where it does not.
func hasIPv6() bool {
	fd, err := unix.Socket(unix.AF_INET6, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return false
	}
	unix.Close(fd)
	return true
}

// Listen implements System.
func (k *Kernel) Listen(bound *os.File, backlog int) (net.Listener, error) {
	defer bound.Close()
	raw, err := bound.SyscallConn()
	if err != nil {
		return nil, err
	}
	if err := control(raw, func(fd int) error { return unix.Listen(fd, backlog) }); err != nil {
		return nil, os.NewSyscallError("listen", err)
	}
	return fileListener(bound)
}

// fileListener duplicates the socket of a file that was non-blocking before
// os.NewFile saw it: only then Fd, which net.FileListener calls, leaves the
// shared description as it is.
func fileListener(f *os.File) (net.Listener, error) {
	l, err := net.FileListener(f)
	if err != nil {
		return nil, err
	}
	if u, ok := l.(*net.UnixListener); ok {
		u.SetUnlinkOnClose(false) // by path: it would remove the file of whoever came after us
	}
	return l, nil
}

// SetBacklog implements System: Linux takes a second listen as a new backlog.
func (k *Kernel) SetBacklog(l net.Listener, backlog int) error {
	c, ok := l.(syscall.Conn)
	if !ok {
		return fmt.Errorf("a %T has no descriptor", l)
	}
	raw, err := c.SyscallConn()
	if err != nil {
		return err
	}
	return control(raw, func(fd int) error { return unix.Listen(fd, backlog) })
}

func control(raw syscall.RawConn, f func(fd int) error) error {
	var inner error
	if err := raw.Control(func(fd uintptr) { inner = f(int(fd)) }); err != nil {
		return err
	}
	return inner
}

// Inherited implements System.
func (k *Kernel) Inherited(name string) ([]net.Listener, error) {
	return k.inherited.listeners(name)
}

// Probe implements System.
func (k *Kernel) Probe(path string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	c, err := (&net.Dialer{}).DialContext(ctx, "unix", path)
	if err != nil {
		return err
	}
	return c.Close()
}

// Identify implements System.
func (k *Kernel) Identify(path string) (FileID, error) {
	var st unix.Stat_t
	if err := unix.Lstat(path, &st); err != nil {
		return FileID{}, &fs.PathError{Op: "lstat", Path: path, Err: err}
	}
	return FileID{Device: uint64(st.Dev), Inode: st.Ino, Socket: st.Mode&unix.S_IFMT == unix.S_IFSOCK}, nil
}

// Rights implements System.
func (k *Kernel) Rights(path string) (Rights, error) {
	var st unix.Stat_t
	if err := unix.Lstat(path, &st); err != nil {
		return Rights{}, &fs.PathError{Op: "lstat", Path: path, Err: err}
	}
	return Rights{Mode: st.Mode & 0o7777, UID: int(st.Uid), GID: int(st.Gid)}, nil
}

// Chmod implements System.
func (k *Kernel) Chmod(path string, mode uint32) error {
	return os.NewSyscallError("chmod", unix.Chmod(path, mode))
}

// Chown implements System.
func (k *Kernel) Chown(path string, uid, gid int) error { return os.Lchown(path, uid, gid) }

// Rename implements System.
func (k *Kernel) Rename(from, to string) error { return os.Rename(from, to) }

// Unlink implements System.
func (k *Kernel) Unlink(path string) error {
	return os.NewSyscallError("unlink", unix.Unlink(path))
}

// PID implements System.
func (k *Kernel) PID() int { return os.Getpid() }

// Account implements System.
func (k *Kernel) Account(userName, groupName string) (uid, gid int, err error) {
	if uid, err = userID(userName); err != nil {
		return 0, 0, err
	}
	gid, err = groupID(groupName)
	return uid, gid, err
}

func userID(name string) (int, error) {
	if name == "" {
		return -1, nil
	}
	if id, err := strconv.Atoi(name); err == nil {
		return id, nil
	}
	u, err := user.Lookup(name)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(u.Uid)
}

func groupID(name string) (int, error) {
	if name == "" {
		return -1, nil
	}
	if id, err := strconv.Atoi(name); err == nil {
		return id, nil
	}
	g, err := user.LookupGroup(name)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(g.Gid)
}

// taken reports an address that somebody else holds.
func taken(err error) bool { return errors.Is(err, unix.EADDRINUSE) }
