package listeners

import (
	"errors"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/appserve/appserve/listeners/socket"
)

// exhausted is a machine whose listeners have no descriptors left for a while.
type exhausted struct {
	*socket.Kernel
	failures int
}

func (e *exhausted) Listen(bound *os.File, backlog int) (net.Listener, error) {
	l, err := e.Kernel.Listen(bound, backlog)
	if err != nil {
		return nil, err
	}
	return &failingListener{TCPListener: l.(*net.TCPListener), left: e.failures}, nil
}

type failingListener struct {
	*net.TCPListener
	mu   sync.Mutex
	left int
}

func (l *failingListener) Accept() (net.Conn, error) {
	l.mu.Lock()
	failing := l.left > 0
	l.left--
	l.mu.Unlock()
	if failing {
		return nil, &net.OpError{Op: "accept", Err: os.NewSyscallError("accept4", unix.EMFILE)}
	}
	return l.TCPListener.Accept()
}

func TestAcceptErrorsAreLoggedOnce(t *testing.T) {
	w := newWorld(t)
	w.server.system = &exhausted{socket.NewKernel(nil), 4}
	w.commit(w.routes(says("/", "hello")), w.rows)
	w.addr = w.server.Addresses("main")[0].String()
	c := w.dial()
	c.get("/")
	c.want(200, "hello")
	log := w.log.wait(t, "accepting connections again")
	if strings.Count(log, "cannot accept") != 1 || !strings.Contains(log, "too many open files") {
		t.Errorf("log:\n%s", log)
	}
}

// A listener that cannot accept at all does not hold up its own end.
func TestStopWhileAcceptFails(t *testing.T) {
	w := newWorld(t)
	w.server.system = &exhausted{socket.NewKernel(nil), 1 << 30}
	w.commit(w.routes(says("/", "hello")), w.rows)
	w.log.wait(t, "cannot accept")
	begin := time.Now()
	if err := w.stop(); err != nil && !errors.Is(err, unix.EMFILE) {
		t.Error(err)
	}
	if took := time.Since(begin); took > patience/2 {
		t.Errorf("Stop took %v", took)
	}
}
