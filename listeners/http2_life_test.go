package listeners

import (
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/http2"

	"github.com/appserve/appserve/listeners/certificates"
	"github.com/appserve/appserve/listeners/exchange"
)

// held is a location that answers when the test lets it.
func held(path string) (Location, chan struct{}, chan struct{}) {
	running, release := make(chan struct{}, 8), make(chan struct{})
	return at(path, func(x *exchange.Exchange, _ *http.Request) {
		running <- struct{}{}
		<-release
		_, _ = x.WriteString("held")
	}), running, release
}

func TestANewStreamSeesTheNewGeneration(t *testing.T) {
	slow, running, release := held("/slow")
	w := startH2C(t, slow, says("/", "old"))
	client := w.browser(nil)
	answer := make(chan string, 1)
	go func() { _, body := ask(t, client, "GET", "http://test.test/slow", nil); answer <- body }()
	<-running
	w.commit(w.routes(says("/", "new")), w.rows)
	if _, body := ask(t, client, "GET", "http://test.test/", nil); body != "new" {
		t.Errorf("after the swap: %q", body)
	}
	close(release)
	if body := <-answer; body != "held" {
		t.Errorf("the stream from before: %q", body)
	}
	if n := len(w.server.conns.all(nil)); n != 1 {
		t.Errorf("%d connections: the swap cost one", n)
	}
}

func TestAStopLetsStreamsEnd(t *testing.T) {
	slow, running, release := held("/slow")
	w := startH2C(t, slow, says("/", "hello"))
	idle, busy := w.speak(), w.speak()
	idle.ask(1, "GET", "/", true)
	idle.status(1)
	busy.ask(1, "GET", "/slow", true)
	<-running
	stopped := make(chan error, 1)
	go func() { stopped <- w.stop() }()
	for _, s := range []*speaker{idle, busy} {
		f := s.until(isGoAway)
		if f == nil || f.(*http2.GoAwayFrame).ErrCode != http2.ErrCodeNo || f.(*http2.GoAwayFrame).LastStreamID != 1 {
			t.Errorf("told to leave by %v", f)
		}
	}
	close(release)
	if got := busy.status(1); got != "200" {
		t.Errorf("the running stream: %s", got)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

func TestARequestOnTheWayToAStopIsAnswered(t *testing.T) {
	w := startH2C(t, says("/", "hello"))
	s := w.speak()
	s.until(func(f http2.Frame) bool { _, ok := f.(*http2.SettingsFrame); return ok })
	stopped := make(chan error, 1)
	go func() { stopped <- w.stop() }()
	for !w.server.stopping.Load() {
		time.Sleep(time.Millisecond)
	}
	s.ask(1, "GET", "/", true)
	if got := s.status(1); got != "200" {
		t.Errorf("the first request got %s", got)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

func TestChangedRowsEndAConnectionAfterAResponse(t *testing.T) {
	w := startH2C(t, says("/", "hello"))
	s := w.speak()
	s.ask(1, "GET", "/", true)
	s.status(1)
	w.rows.KeepaliveTimeout++
	w.commit(w.routes(says("/", "hello")), w.rows)
	s.ask(3, "GET", "/", true)
	if got := s.status(3); got != "200" {
		t.Errorf("the next stream: %s", got)
	}
	if s.until(isGoAway); !s.dismissed {
		t.Error("closed without GOAWAY")
	}
}

func TestNewCertificatesTouchNoConnection(t *testing.T) {
	for _, protocol := range []string{"h2", "http/1.1"} {
		w, client := startTLS(t, says("/", "hello"))
		get := w.getter(client, protocol)
		get()
		pair, believer := selfSigned(t, "new.test")
		w.rows.TLS = setOf(t, certificates.Config{Pairs: []certificates.Pair{pair}, HTTP2: true})
		w.commit(w.routes(says("/", "hello")), w.rows)
		get()
		// The engine may have answered before the greeting has left the registry.
		for deadline := time.Now().Add(patience); len(w.server.conns.all(nil)) != 1; time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("%s: %d connections", protocol, len(w.server.conns.all(nil)))
			}
		}
		w.getter(believer, protocol)()
	}
}

// getter asks again and again on one connection.
func (w *world) getter(client *tls.Config, protocol string) func() {
	if protocol == "h2" {
		browser := w.browser(client)
		return func() {
			w.t.Helper()
			if _, body := ask(w.t, browser, "GET", "https://test.test/", nil); body != "hello" {
				w.t.Errorf("got %q", body)
			}
		}
	}
	c := w.dialTLS(client, protocol)
	return func() {
		w.t.Helper()
		c.get("/")
		c.want(200, "hello")
	}
}

func TestAClientThatTakesNothingLosesItsStreamOnly(t *testing.T) {
	w := newWorld(t)
	w.rows.H2C, w.rows.SendTimeout = true, 200*time.Millisecond
	gone := make(chan error, 1)
	w.commit(w.routes(says("/", "hello"), at("/endless", func(x *exchange.Exchange, _ *http.Request) {
		_, err := io.Copy(x, strings.NewReader(strings.Repeat("x", 1<<20)))
		gone <- err
	})), w.rows)
	w.addr = w.server.Addresses("main")[0].String()
	s := w.speak(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 1000})
	s.ask(1, "GET", "/endless", true)
	if f := s.until(func(f http2.Frame) bool { _, ok := f.(*http2.RSTStreamFrame); return ok }); f == nil {
		t.Fatal("the connection ended")
	}
	if <-gone == nil {
		t.Error("the handler was not told")
	}
	s.ask(3, "GET", "/", true)
	if got := s.status(3); got != "200" {
		t.Errorf("the next stream: %s", got)
	}
}

func TestAThinkingApplicationIsNoStalledClient(t *testing.T) {
	w := newWorld(t)
	w.rows.H2C, w.rows.SendTimeout = true, 50*time.Millisecond
	w.commit(w.routes(at("/", func(x *exchange.Exchange, r *http.Request) {
		controller := http.NewResponseController(x)
		_ = controller.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
		_, _ = x.WriteString("a")
		x.Flush()
		time.Sleep(150 * time.Millisecond) // three times what the client would have
		_ = controller.SetReadDeadline(time.Time{})
		_, _ = io.Copy(x, r.Body)
	})), w.rows)
	w.addr = w.server.Addresses("main")[0].String()
	if _, body := ask(t, w.browser(nil), "POST", "http://test.test/", strings.NewReader("bc")); body != "abc" {
		t.Errorf("got %q", body)
	}
}

func TestAReadDeadlineEndsARead(t *testing.T) {
	w := startH2C(t, says("/", "hello"))
	failed := make(chan error, 1)
	for _, d := range w.server.doors { // the exchange would set deadlines of its own
		e := d.http2.Load()
		e.http.Handler = http.HandlerFunc(func(inner http.ResponseWriter, r *http.Request) {
			s := newStream(e, inner, r)
			_ = s.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
			_, err := r.Body.Read(make([]byte, 1))
			failed <- err
			s.WriteHeader(http.StatusRequestTimeout)
		})
	}
	s := w.speak()
	s.ask(1, "POST", "/", false)
	if got := s.status(1); got != "408" {
		t.Errorf("got %s", got)
	}
	if err := <-failed; !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the read failed by %v", err)
	}
}

func TestAnotherPolicyEndsConnectionsOfBothKinds(t *testing.T) {
	w, client := startTLS(t, says("/", "hello"))
	h1 := w.dialTLS(client, "http/1.1")
	h1.get("/")
	h1.want(200, "hello")
	get := w.getter(client, "h2")
	get()
	before := w.server.conns.all(nil)
	pair, believer := selfSigned(t, "test.test")
	w.rows.TLS = setOf(t, certificates.Config{Pairs: []certificates.Pair{pair}, HTTP2: true, MinVersion: "1.3"})
	w.commit(w.routes(says("/", "hello")), w.rows)
	h1.get("/")
	if a := h1.want(200, "hello"); !a.Close {
		t.Error("HTTP/1.1: the response is not the last one")
	}
	h1.ended()
	get()
	for _, c := range before {
		if _, ok := c.(*http2Conn); ok && !c.(*http2Conn).leaving() {
			t.Error("HTTP/2: the connection stays")
		}
	}
	w.getter(believer, "h2")()
}
