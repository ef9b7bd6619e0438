package upstreams

import (
	"errors"
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/appserve/appserve/upstreams/conn"
)

const (
	// tunnelIdle is how long an upgraded connection may be silent both ways
	// (idle_timeout of the language, once its row exists).
	tunnelIdle = time.Hour

	// tunnelHalf is how long one that is closed in one direction may be silent in the other.
	tunnelHalf = 30 * time.Second
)

// errTunnelOver is the cause that ends the other direction.
var errTunnelOver = errors.New("the tunnel has ended")

// tunnel is an upgraded connection: bytes both ways.
type tunnel struct {
	client, server *conn.Conn
	all            *Tunnels
	birth          time.Time
	last           atomic.Int64 // nanoseconds after birth when a byte last moved
	limit          atomic.Int64 // nanoseconds of silence after which half ends it: tunnelHalf, or less
	half           *time.Timer  // runs expireHalf once a direction is closed, or we are in a hurry
}

// newTunnel joins two connections. idle bounds silence both ways, half that
// in one direction once the other is closed, write a write.
func newTunnel(all *Tunnels, client, server *conn.Conn, idle, half, write time.Duration) *tunnel {
	t := &tunnel{client: client, server: server, all: all, birth: time.Now()}
	t.limit.Store(int64(half))
	limits := conn.Limits{Read: idle, Write: write}
	client.Begin(limits)
	server.Begin(limits)
	return t
}

// tunnel answers 101 and carries bytes until one side fails, both have ended,
// or nothing moves. The listening side ends it by closing its connection.
func (f *forward) tunnel(stopWatch func() bool) *failure {
	hijacker, ok := find[http.Hijacker](f.w)
	if !ok {
		return &failure{
			reason: reasonBad, status: http.StatusBadGateway,
			err: errors.New("the client's connection cannot be upgraded"),
		}
	}
	if !stopWatch() {
		return classify(conn.ErrAbandoned)
	}
	h := f.w.Header()
	setFields(h, f.head.Fields)
	h.Set("Connection", "Upgrade")
	h.Set("Upgrade", f.head.Upgrade)
	f.w.WriteHeader(http.StatusSwitchingProtocols)
	nc, buffered, err := hijacker.Hijack()
	if err != nil {
		return classify(&clientError{err: err})
	}
	_ = nc.SetDeadline(time.Time{}) // those of HTTP; on a closed connection the copying ends at once
	early, _ := buffered.Reader.Peek(buffered.Reader.Buffered())
	newTunnel(f.group.tunnels, conn.New(nc, &f.group.buffers), f.conn, tunnelIdle, tunnelHalf, f.limits.Write).run(early)
	return nil
}

// run copies until the end of both directions. early is what the client sent
// behind its request.
func (t *tunnel) run(early []byte) {
	t.half = time.AfterFunc(tunnelHalf, t.expireHalf)
	t.half.Stop() // until a direction is closed
	defer t.half.Stop()
	t.all.enter(t)
	defer t.all.leave(t)
	defer func() { _ = t.client.Close() }()
	done := make(chan struct{})
	go t.download(done)
	if _, err := t.server.Write(early); err != nil {
		t.end()
	} else {
		t.copy(t.server, t.client)
	}
	<-done
}

// download is the goroutine that copies towards the client. It ends when
// either side ends, or by end.
func (t *tunnel) download(done chan<- struct{}) {
	defer close(done)
	t.copy(t.client, t.server)
}

// copy carries bytes one way. A clean end is passed on; a failure ends the
// other way too.
func (t *tunnel) copy(to, from *conn.Conn) {
	for {
		if piece := from.Buffered(); len(piece) > 0 {
			if _, err := to.Write(piece); err != nil {
				t.end()
				return
			}
			from.Discard(len(piece))
			t.moved()
		}
		switch err := from.Fill(); {
		case err == nil:
		case errors.Is(err, io.EOF) && to.CloseWrite() == nil:
			t.half.Reset(time.Duration(t.limit.Load()))
			return
		default:
			t.end()
			return
		}
	}
}

// moved starts the time of silence anew, in both directions.
func (t *tunnel) moved() {
	t.last.Store(int64(time.Since(t.birth)))
	t.client.Resume()
	t.server.Resume()
}

// expireHalf ends a tunnel that has been silent for too long. It runs on the
// timer half, which run stops.
func (t *tunnel) expireHalf() {
	silent := time.Since(t.birth) - time.Duration(t.last.Load())
	limit := time.Duration(t.limit.Load())
	if silent >= limit {
		t.end()
		return
	}
	t.half.Reset(limit - silent)
}

// hurry ends the tunnel once it is silent for grace. Tunnels calls it, between
// enter and leave.
func (t *tunnel) hurry(grace time.Duration) {
	t.limit.Store(min(t.limit.Load(), int64(grace)))
	t.half.Reset(0) // expireHalf looks how long it has been silent
}

// end wakes both directions up for good.
func (t *tunnel) end() {
	t.client.Cancel(errTunnelOver)
	t.server.Cancel(errTunnelOver)
}
