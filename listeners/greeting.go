package listeners

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/appserve/appserve/listeners/certificates"
	"github.com/appserve/appserve/listeners/exchange"
)

// terms are what a listener wants to know of a connection before it is known
// what it speaks, and what it speaks then.
type terms struct {
	tls   *certificates.Set // nil: plain text
	h2c   bool              // plain text may be HTTP/2, by prior knowledge
	http2 http2Settings

	policy certificates.Policy // without TLS the zero one
}

// terms gives the rows of a listener.
func (l *Listener) terms() *terms {
	t := &terms{tls: l.TLS, h2c: l.H2C && l.TLS == nil, http2: http2Settings{
		headerTimeout: l.HeaderTimeout, keepaliveTimeout: l.KeepaliveTimeout,
		sendTimeout: l.SendTimeout, maxHeaderSize: l.MaxHeaderSize, maxHeaderCount: l.MaxHeaderCount,
	}}
	if t.tls != nil {
		t.policy = t.tls.Policy()
	}
	return t
}

// outdated reports whether a connection that came in under other terms should
// not have come in like that any more.
func (d *door) outdated(t *terms) bool {
	now := d.terms.Load()
	return now != t && (now.policy != t.policy || now.h2c != t.h2c)
}

// termsOf are those that a connection came in under.
func (d *door) termsOf(nc net.Conn) *terms {
	if s, ok := nc.(*secured); ok {
		return s.terms
	}
	return d.terms.Load()
}

// ask reports whether a connection has to say something first. Others are
// HTTP/1.1 from the first byte.
func (t *terms) ask() bool { return t.tls != nil || t.h2c }

// agree makes the terms those of connections that come from now on. Those that
// are open go on undisturbed, unless a row changed that holds for a whole
// connection: they leave after their next response. New certificates are no
// such row.
func (d *door) agree(t *terms) {
	if t.tls != nil { // else handshakes under way still end well
		d.terminator.Use(t.tls)
	}
	before := d.http2.Load()
	if before == nil || before.settings != t.http2 {
		d.http2.Store(newHTTP2Engine(d.server, t.http2))
		if before != nil {
			before.stale.Store(true)
		}
	}
	d.terms.Store(t)
}

// greeting is an accepted connection until it is known what it speaks.
type greeting struct {
	net.Conn
	door  *door
	terms *terms
}

// greet finds out what a connection speaks, and hands it on.
func (d *door) greet(nc net.Conn, t *terms) {
	g := &greeting{Conn: nc, door: d, terms: t}
	d.server.conns.add(g)
	if t.http2.headerTimeout > 0 {
		_ = nc.SetDeadline(time.Now().Add(t.http2.headerTimeout))
	}
	if d.gone.Load() {
		g.retire()
	}
	go g.run()
}

// through implements connection.
func (g *greeting) through() *door { return g.door }

// retire implements connection. Who has not said what it wants has a moment
// left for it.
func (g *greeting) retire() {
	_ = g.Conn.SetDeadline(time.Now().Add(lastCall))
}

// cut implements connection.
func (g *greeting) cut() { _ = g.Conn.Close() }

// run ends when the connection was handed on or closed.
func (g *greeting) run() {
	defer g.door.server.conns.remove(g)
	spoken, h2, err := g.listen()
	if err != nil {
		if logger := g.door.server.logger; logger.IsDebug() {
			logger.Debug("connection ended before its first request", "listener", g.door.name(), "remote", g.RemoteAddr(), "error", err)
		}
		_ = g.Conn.Close()
		return
	}
	_ = g.Conn.SetDeadline(time.Time{})
	if h2 {
		g.door.admitHTTP2(spoken)
	} else {
		g.door.admit(spoken)
	}
}

// admitHTTP2 hands a connection to the engine of the moment.
func (d *door) admitHTTP2(nc net.Conn) {
	e := d.http2.Load()
	c := newHTTP2Conn(d, e, nc)
	d.server.conns.add(c)
	if d.gone.Load() {
		c.retire()
	}
	e.serve(c)
}

// listen shakes hands, or looks at the first bytes.
func (g *greeting) listen() (spoken net.Conn, h2 bool, err error) {
	if g.terms.tls == nil {
		return knock(g.Conn)
	}
	s := secure(g.door.terminator, g.Conn, g.terms)
	if err := s.Handshake(); err != nil {
		g.explain(err)
		return nil, false, err
	}
	return s, s.ConnectionState().NegotiatedProtocol == "h2", nil
}

// explain answers a client that speaks HTTP where TLS is spoken, as far as it
// can be known. What else is wrong TLS has said itself.
func (g *greeting) explain(err error) {
	var header tls.RecordHeaderError
	if !errors.As(err, &header) || header.Conn == nil {
		return
	}
	switch string(header.RecordHeader[:]) {
	case "GET /", "HEAD ", "POST ", "PUT /", "OPTIO", "DELET", "PATCH":
	default:
		return
	}
	s := g.door.server
	routes := s.acquire().routes
	defer routes.release()
	peer := newPeer(g.door, g.Conn)
	x := s.maker.Refused(&peer, http.StatusBadRequest, exchange.ReasonPlainHTTP)
	x.LogTo(routes.unmatched, nil)
	n, _ := g.Conn.Write(exchange.AppendRawAnswer(nil, http.StatusBadRequest, exchange.ReasonPlainHTTP, x.RequestID(), time.Now()))
	x.Finish(int64(n), int64(len(header.RecordHeader)))
	if half, ok := g.Conn.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
		_ = g.Conn.SetReadDeadline(time.Now().Add(lingerTime))
		_, _ = io.CopyN(io.Discard, g.Conn, lingerBytes)
	}
}
