package listeners

import (
	"net"
	"net/netip"
	"time"

	"github.com/appserve/appserve/listeners/proxyhead"
)

// receive takes an accepted connection. One that has to begin with a PROXY
// head gives it first, in a goroutine of its own, so that a peer that is slow
// with it delays nobody.
func (d *door) receive(nc net.Conn) {
	a := d.arrivals.Load()
	if a == nil || a.introduced == nil {
		d.welcome(nc)
		return
	}
	tcp, ok := nc.(*net.TCPConn)
	remote, isTCP := nc.RemoteAddr().(*net.TCPAddr)
	if !ok || !isTCP || !a.introduced.Contains(address(remote)) {
		d.welcome(nc) // whoever has not to send a head must not: to HTTP it is no request
		return
	}
	n := &newcomer{TCPConn: tcp, door: d}
	d.server.conns.add(n)
	if d.gone.Load() {
		n.retire()
	}
	go n.introduce(a)
}

func address(a *net.TCPAddr) netip.Addr { return a.AddrPort().Addr() }

// newcomer is a connection that has not said yet whom it is from.
type newcomer struct {
	*net.TCPConn
	door *door
}

// introduce reads the head and hands the connection on, or closes it. It ends
// with the patience of the listener at the latest.
func (n *newcomer) introduce(a *arrivals) {
	if a.patience > 0 && !n.door.gone.Load() {
		_ = n.SetReadDeadline(time.Now().Add(a.patience))
		if n.door.gone.Load() {
			n.retire() // it may have come before the deadline was set
		}
	}
	head, err := proxyhead.Read(n.TCPConn)
	if err != nil {
		n.door.server.logger.Debug("connection closed: "+err.Error(), "listener", n.door.name(), "peer", n.RemoteAddr().String())
		n.cut()
		return
	}
	_ = n.SetReadDeadline(time.Time{})
	if head.Local {
		n.door.welcome(n.TCPConn)
	} else {
		n.door.welcome(&introduced{
			TCPConn: n.TCPConn, remote: net.TCPAddrFromAddrPort(head.Client), local: net.TCPAddrFromAddrPort(head.Server),
		})
	}
	n.door.server.conns.remove(n)
}

// retire implements connection: it has a last call to say whom it is from.
func (n *newcomer) retire() { _ = n.SetReadDeadline(time.Now().Add(lastCall)) }

// cut implements connection.
func (n *newcomer) cut() {
	_ = n.TCPConn.Close()
	n.door.server.conns.remove(n)
}

// through implements connection.
func (n *newcomer) through() *door { return n.door }

// introduced is a connection as its PROXY head describes it. Everything but
// the addresses is the connection itself, sendfile included.
type introduced struct {
	*net.TCPConn
	remote, local *net.TCPAddr
}

// RemoteAddr implements net.Conn: who connected to the proxy.
func (i *introduced) RemoteAddr() net.Addr { return i.remote }

// LocalAddr implements net.Conn: where it did.
func (i *introduced) LocalAddr() net.Addr { return i.local }
