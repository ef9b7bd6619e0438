package listeners

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/appserve/appserve/listeners/certificates"
	"github.com/appserve/appserve/listeners/exchange"
)

func TestATLSConnectionKnowsItself(t *testing.T) {
	pair, client := selfSigned(t, "test.test", "other.test")
	own, err := tls.LoadX509KeyPair(pair.Certificate, pair.Key)
	if err != nil {
		t.Fatal(err)
	}
	client.Certificates = []tls.Certificate{own}
	for _, protocol := range []string{"h2", "http/1.1"} {
		w := newWorld(t)
		w.rows.TLS = setOf(t, certificates.Config{Pairs: []certificates.Pair{pair}, HTTP2: true, Authorities: pair.Certificate, ClientAuth: "optional"})
		location := at("/", func(x *exchange.Exchange, _ *http.Request) {
			_, _ = x.WriteString(x.Scheme() + " " + x.TLS().Version + " " + x.TLS().ServerName)
		})
		location.AccessLog = compileLog(t, w, "scheme", "tls_version", "tls_sni", "tls_client_verify", "tls_client_subject", "tls_client_serial", "tls_client_fingerprint")
		w.commit(w.routes(location), w.rows)
		w.addr = w.server.Addresses("main")[0].String()
		want := "https TLSv1.3 test.test"
		if protocol == "h2" {
			if _, body := ask(t, w.browser(client), "GET", "https://test.test/", nil); body != want {
				t.Errorf("h2: %q", body)
			}
		} else {
			c := w.dialTLS(client, protocol)
			c.send("GET / HTTP/1.1\r\nHost: test.test\r\n\r\n")
			c.want(200, want)
		}
		line := w.access.wait(t, want+" SUCCESS CN=test.test ABC ")
		if fingerprint := strings.TrimSpace(line[strings.LastIndex(line, " ")+1:]); len(fingerprint) != 64 {
			t.Errorf("fingerprint %q", fingerprint)
		}
	}
}

func TestARequestForAnotherPolicyIsMisdirected(t *testing.T) {
	pair, client := selfSigned(t, "test.test", "friend.test")
	w := newWorld(t)
	w.rows.TLS = setOf(t, certificates.Config{Pairs: []certificates.Pair{pair}, Authorities: pair.Certificate, ClientAuth: "optional", Hosts: []string{"*"}})
	w.commit(w.routes(says("/", "hello")), w.rows)
	w.addr = w.server.Addresses("main")[0].String()
	for host, status := range map[string]int{"test.test": 200, "friend.test": 200, "stranger.test": 421} {
		c := w.dialTLS(client, "http/1.1")
		c.send("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
		c.want(status, "")
	}
}

func TestPlainHTTPWhereTLSIsSpokenIsToldSo(t *testing.T) {
	w, _ := startTLS(t, says("/", "hello"))
	c := w.dial()
	c.get("/")
	if a := c.receive("GET"); a.StatusCode != 400 {
		t.Errorf("got %d %q", a.StatusCode, a.body)
	}
	c.ended()
	w.access.wait(t, "400")
}

func TestASilentClientIsNotWaitedForLong(t *testing.T) {
	for name, prepare := range map[string]func(*world){
		"tls": func(w *world) {
			pair, _ := selfSigned(w.t, "test.test")
			w.rows.TLS = setOf(w.t, certificates.Config{Pairs: []certificates.Pair{pair}})
		},
		"h2c": func(w *world) { w.rows.H2C = true },
	} {
		w := newWorld(t)
		prepare(w)
		w.rows.HeaderTimeout = 100 * time.Millisecond
		w.commit(w.routes(says("/", "hello")), w.rows)
		w.addr = w.server.Addresses("main")[0].String()
		silent, half := w.dial(), w.dial()
		half.send("PRI * HT")
		if n, _ := io.Copy(io.Discard, silent.Conn); n != 0 {
			t.Errorf("%s: it was sent %d bytes", name, n)
		}
		_, _ = io.Copy(io.Discard, half.Conn) // TLS may send an alert
		w.log.wait(t, "ended before its first request")
	}
}

func TestAStopDoesNotWaitForHandshakes(t *testing.T) {
	w, _ := startTLS(t, says("/", "hello"))
	c := w.dial()
	for len(w.server.conns.all(nil)) == 0 {
		time.Sleep(time.Millisecond)
	}
	began := time.Now()
	if err := w.stop(); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > lastCall+patience/2 {
		t.Errorf("it took %s", took)
	}
	c.ended()
}

func TestAConnectionInTheBacklogOfATLSListenerIsServed(t *testing.T) {
	w, client := startTLS(t, says("/", "hello"))
	answers := make(chan error, 20)
	for range cap(answers) {
		go func() { answers <- getOnce(w.addr, client) }()
	}
	for len(w.server.conns.all(nil)) < cap(answers)/2 {
		time.Sleep(time.Millisecond)
	}
	moved := w.rows
	moved.Addresses = []Address{{Text: "127.0.0.2:0", Network: "tcp4", Target: "127.0.0.2:0"}}
	w.commit(w.routes(says("/", "hello")), moved)
	refused := 0
	for range cap(answers) {
		if err := <-answers; err != nil {
			refused++
			if !errors.Is(err, syscall.ECONNREFUSED) {
				t.Errorf("a connection that was accepted: %v", err)
			}
		}
	}
	if refused > cap(answers)/2 {
		t.Errorf("%d came too late", refused)
	}
}

func getOnce(addr string, c *tls.Config) error {
	nc, err := tls.Dial("tcp", addr, c)
	if err != nil {
		return err
	}
	defer nc.Close()
	if _, err := io.WriteString(nc, "GET / HTTP/1.1\r\nHost: test.test\r\nConnection: close\r\n\r\n"); err != nil {
		return err
	}
	content, err := io.ReadAll(nc)
	if err == nil && !strings.HasSuffix(string(content), "hello") {
		return fmt.Errorf("got %q", content)
	}
	return err
}
