package listeners

import (
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/appserve/appserve/listeners/certificates"
	"github.com/appserve/appserve/listeners/identity"
	"github.com/appserve/appserve/listeners/socket"
)

// door is a socket that is open in the running generation, and the loops that
// accept on it. It outlives generations as long as its address is configured.
type door struct {
	server *Server
	socket *socket.Socket
	label  atomic.Pointer[string] // the listener's name, which a reload may change
	engine atomic.Pointer[engine]

	terms      atomic.Pointer[terms]
	terminator *certificates.Terminator
	http2      atomic.Pointer[http2Engine]

	arrivals atomic.Pointer[arrivals]
	trust    atomic.Pointer[identity.Trust]
	quota    atomic.Pointer[quota]

	gone  atomic.Bool   // no longer configured: responses end their connections
	leave chan struct{} // closed when the loops have to end
	once  sync.Once
	loops sync.WaitGroup
}

func newDoor(s *Server, opened *socket.Socket) *door {
	return &door{server: s, socket: opened, leave: make(chan struct{}), terminator: certificates.NewTerminator()}
}

func (d *door) name() string { return *d.label.Load() }

// open starts to accept.
func (d *door) open() {
	for _, l := range d.socket.Listeners() {
		d.loops.Add(1)
		go d.accept(l)
		d.server.logger.Info("listening", "listener", d.name(), "address", display(d.socket.Spec(), l.Addr()))
	}
}

// display is the address as an operator looks for it: what the kernel chose
// for TCP, what was configured for the rest.
func display(spec socket.Spec, addr net.Addr) string {
	if _, ok := addr.(*net.TCPAddr); ok && spec.Network != "systemd" {
		return addr.String()
	}
	return spec.Text
}

// accept runs until leave is closed.
func (d *door) accept(l net.Listener) {
	defer d.loops.Done()
	trouble := backoff{door: d}
	for {
		d.quota.Load().wait(d)
		nc, err := l.Accept()
		select {
		case <-d.leave:
			if err == nil {
				d.receive(nc)
			}
			return
		default:
		}
		if err != nil {
			trouble.wait(err)
			continue
		}
		trouble.over()
		d.receive(nc)
	}
}

// welcome takes an accepted connection: it may have to say something first.
func (d *door) welcome(nc net.Conn) {
	if t := d.terms.Load(); t.ask() {
		d.greet(nc, t)
	} else {
		d.admit(nc)
	}
}

// admit hands a connection to the HTTP/1.1 engine of the moment.
func (d *door) admit(nc net.Conn) {
	c := newConn(d.server, d, d.engine.Load(), nc)
	d.server.conns.add(c)
	if d.gone.Load() {
		c.retire()
	}
	go c.serve()
}

// shut stops accepting. What waits in the backlog is served, unless systemd
// keeps the socket for somebody else; then the socket is closed.
func (d *door) shut() error {
	d.gone.Store(true)
	err := d.socket.Withdraw()
	d.once.Do(func() { close(d.leave) })
	for _, l := range d.socket.Listeners() {
		if s, ok := l.(interface{ SetDeadline(time.Time) error }); ok {
			_ = s.SetDeadline(time.Unix(1, 0))
		}
	}
	d.loops.Wait()
	if !d.socket.Inherited() {
		err = errors.Join(err, d.drain())
	}
	return errors.Join(err, d.socket.Close())
}

func (d *door) drain() error {
	var failed []error
	for _, l := range d.socket.Listeners() {
		conns, err := socket.Drain(l)
		failed = append(failed, err)
		for _, nc := range conns {
			d.receive(nc)
		}
	}
	return errors.Join(failed...)
}
