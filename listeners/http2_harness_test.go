package listeners

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"github.com/appserve/appserve/listeners/certificates"
)

// selfSigned writes a certificate that is its own authority, good for servers
// and clients, and gives a client that believes and shows it.
func selfSigned(t *testing.T, names ...string) (certificates.Pair, *tls.Config) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(0xabc), Subject: pkix.Name{CommonName: names[0]}, DNSNames: names,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	pair := certificates.Pair{Certificate: filepath.Join(folder, "crt.pem"), Key: filepath.Join(folder, "key.pem")}
	for path, block := range map[string]*pem.Block{
		pair.Certificate: {Type: "CERTIFICATE", Bytes: der}, pair.Key: {Type: "PRIVATE KEY", Bytes: secret},
	} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return pair, &tls.Config{RootCAs: pool, ServerName: names[0]}
}

// setOf loads the TLS of a listener.
func setOf(t *testing.T, c certificates.Config) *certificates.Set {
	t.Helper()
	s, err := certificates.Load(c, certificates.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// startTLS serves one site for every host on the listener "main", by TLS.
func startTLS(t *testing.T, locations ...Location) (*world, *tls.Config) {
	t.Helper()
	pair, client := selfSigned(t, "test.test")
	w := newWorld(t)
	w.rows.TLS = setOf(t, certificates.Config{Pairs: []certificates.Pair{pair}, HTTP2: true})
	w.commit(w.routes(locations...), w.rows)
	w.addr = w.server.Addresses("main")[0].String()
	return w, client
}

// startH2C is start on a listener that speaks HTTP/2 by prior knowledge.
func startH2C(t *testing.T, locations ...Location) *world {
	t.Helper()
	w := newWorld(t)
	w.rows.H2C, w.rows.SendTimeout = true, patience
	w.commit(w.routes(locations...), w.rows)
	w.addr = w.server.Addresses("main")[0].String()
	return w
}

// browser is a client with one connection of HTTP/2.
func (w *world) browser(secure *tls.Config) *http.Client {
	transport := &http.Transport{TLSClientConfig: secure, DisableCompression: true, Protocols: new(http.Protocols)}
	transport.Protocols.SetHTTP2(secure != nil)
	transport.Protocols.SetUnencryptedHTTP2(secure == nil)
	transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "tcp", w.addr)
	}
	w.t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: patience}
}

// speaker is a raw connection of HTTP/2.
type speaker struct {
	t *testing.T
	net.Conn
	*http2.Framer
	head      *hpack.Encoder
	encoded   bytes.Buffer
	dismissed bool // a GOAWAY has come
}

// speak says the preface and takes the server's settings.
func (w *world) speak(settings ...http2.Setting) *speaker {
	w.t.Helper()
	c, err := net.Dial("tcp", w.addr)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		w.t.Fatal(err)
	}
	if _, err := c.Write([]byte(http2.ClientPreface)); err != nil {
		w.t.Fatal(err)
	}
	s := &speaker{t: w.t, Conn: c, Framer: http2.NewFramer(c, c)}
	s.head = hpack.NewEncoder(&s.encoded)
	s.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	s.must(s.WriteSettings(settings...))
	return s
}

func (s *speaker) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// ask opens a stream with a request.
func (s *speaker) ask(id uint32, method, path string, end bool, fields ...string) {
	s.t.Helper()
	block := s.block(method, path, fields...)
	piece := block[:min(len(block), frameSize)]
	rest := block[len(piece):]
	s.must(s.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: piece, EndStream: end, EndHeaders: len(rest) == 0}))
	for len(rest) > 0 {
		piece, rest = rest[:min(len(rest), frameSize)], rest[min(len(rest), frameSize):]
		s.must(s.WriteContinuation(id, len(rest) == 0, piece))
	}
}

func (s *speaker) block(method, path string, fields ...string) []byte {
	s.encoded.Reset()
	all := append([]string{":method", method, ":scheme", "http", ":authority", "test.test", ":path", path}, fields...)
	for i := 0; i < len(all); i += 2 {
		s.must(s.head.WriteField(hpack.HeaderField{Name: all[i], Value: all[i+1]}))
	}
	return s.encoded.Bytes()
}

// until reads frames up to one that is asked for; nil at the end of the connection.
func (s *speaker) until(want func(http2.Frame) bool) http2.Frame {
	s.t.Helper()
	for {
		f, err := s.ReadFrame()
		if err != nil {
			if e, ok := err.(net.Error); ok && e.Timeout() {
				s.t.Fatal("nothing more came")
			}
			return nil
		}
		if settings, ok := f.(*http2.SettingsFrame); ok && !settings.IsAck() {
			s.must(s.WriteSettingsAck())
		}
		s.dismissed = s.dismissed || isGoAway(f)
		if want(f) {
			return f
		}
	}
}

// status waits for the head of a stream's response, or its reset.
func (s *speaker) status(id uint32) string {
	s.t.Helper()
	f := s.until(func(f http2.Frame) bool {
		switch f.(type) {
		case *http2.MetaHeadersFrame, *http2.RSTStreamFrame:
			return f.Header().StreamID == id
		}
		return false
	})
	switch f := f.(type) {
	case *http2.MetaHeadersFrame:
		return f.PseudoValue("status")
	case *http2.RSTStreamFrame:
		return f.ErrCode.String()
	}
	return "closed"
}

func isGoAway(f http2.Frame) bool {
	_, ok := f.(*http2.GoAwayFrame)
	return ok
}
