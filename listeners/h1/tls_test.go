package h1

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"math/big"
	"net/http"
	"strconv"
	"testing"
	"time"
)

// serveTLS serves one connection behind a handshake.
func serveTLS(t *testing.T, rows Rows, handler func(http.ResponseWriter, *http.Request)) *client {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"a"}}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	near, far := pair(t)
	server := tls.Server(near, &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{certificate}, PrivateKey: key}}})
	o := newOwner(handler)
	ready := make(chan *Conn)
	go func() {
		if err := server.Handshake(); err != nil {
			t.Error(err)
		}
		c := New(rows).NewConn(server, o)
		ready <- c
		c.Serve()
	}()
	c := tls.Client(far, &tls.Config{InsecureSkipVerify: true})
	_ = c.SetDeadline(time.Now().Add(patience))
	if err := c.Handshake(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Close()
		wait(t, o.closed, "the end of the connection")
	})
	return &client{t: t, Conn: c, r: bufio.NewReader(c), owner: o, conn: <-ready}
}

func TestTLS(t *testing.T) {
	c := serveTLS(t, testRows, func(w http.ResponseWriter, r *http.Request) {
		if r.TLS == nil || !r.TLS.HandshakeComplete {
			t.Error("the request knows nothing of TLS")
		}
		echo(w, r)
	})
	for range 3 {
		c.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc")
		c.want(200, "POST / a|Content-Length: 3\r\n|abc|")
	}
	c.send("GET / HTTP/1.1\r\n")
	c.send("Host: a\r\n\r\n" + get)
	c.want(200, "GET / a|||")
	c.want(200, "GET / a|||")
	c.conn.Retire()
	c.ended()
}

func TestTLSKeepsTime(t *testing.T) {
	rows := testRows
	rows.KeepaliveTimeout, rows.HeaderTimeout = 100*time.Millisecond, 100*time.Millisecond
	c := serveTLS(t, rows, echo)
	for range 3 {
		c.send(get)
		c.want(200, "GET / a|||")
		time.Sleep(rows.KeepaliveTimeout * 2 / 3)
	}
	c.send("GET / HTTP/1.1\r\n")
	c.want(408, "no")
	c.ended()
}

func TestTLSSendsMuch(t *testing.T) {
	c := serveTLS(t, testRows, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", strconv.Itoa(much))
		if n, err := w.(io.ReaderFrom).ReadFrom(bytes.NewReader(content())); n != much || err != nil {
			t.Errorf("ReadFrom = %d, %v", n, err)
		}
	})
	c.send(get)
	if a := c.receive(http.MethodGet); a.body != string(content()) {
		t.Errorf("%d of %d bytes arrived", len(a.body), much)
	}
}

func TestTLSClientGone(t *testing.T) {
	began, gone := make(chan struct{}), make(chan struct{})
	c := serveTLS(t, testRows, func(_ http.ResponseWriter, r *http.Request) {
		close(began)
		wait(t, r.Context().Done(), "the end of the context")
		close(gone)
	})
	c.send(get)
	wait(t, began, "the request's begin")
	_ = c.Conn.(*tls.Conn).NetConn().(interface{ SetLinger(int) error }).SetLinger(0)
	_ = c.Conn.(*tls.Conn).NetConn().Close()
	wait(t, gone, "the handler's end")
}
