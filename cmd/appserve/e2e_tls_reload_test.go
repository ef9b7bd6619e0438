package main

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// startCrowd is startLoad over TLS: both protocols, kept and fresh connections.
func (s *tlsInstance) startCrowd(path string) *load {
	l := &load{s: s.instance, path: path, accept: is200, stopping: make(chan struct{}), seen: map[string]int{}}
	for n := range 8 {
		protocol := []string{"h2", "http/1.1"}[n%2]
		transport := s.transport(protocol)
		transport.DisableKeepAlives = n >= 4
		l.wg.Add(1)
		go l.run(transport)
	}
	return l
}

func (s *tlsInstance) mustReload() {
	s.t.Helper()
	if verdict := s.reload(); !strings.Contains(verdict, "live") {
		s.t.Fatal(verdict)
	}
}

func TestTLS_CertificatesAreSwappedUnderLoad(t *testing.T) {
	t.Parallel()
	s := newTLS(t)
	s.begin(plainKitchen(""))
	kept := map[string]*http.Client{"h2": s.browser("h2"), "http/1.1": s.browser("http/1.1")}
	connections := map[string]bool{}
	visit := func() {
		for protocol, client := range kept {
			connections[protocol+" "+s.connectionOf(client)] = true
		}
	}
	visit()
	crowd := s.startCrowd("/who")
	seen := map[string]bool{}
	for range 4 {
		before := crowd.count()
		eventually(t, 30*time.Second, func() string {
			if crowd.count() > before+40 {
				return ""
			}
			return "the crowd stands still"
		})
		seen[s.serial("site.test")] = true
		s.renew()
		s.mustReload()
		visit()
	}
	crowd.mustBeClean(t)
	if len(seen) != 4 || seen[""] {
		t.Errorf("certificates seen: %v", seen)
	}
	if len(connections) != 2 {
		t.Errorf("connections were closed: %v", connections)
	}
}

// connectionOf makes a request and says over which connection.
func (s *tlsInstance) connectionOf(client *http.Client) string {
	s.t.Helper()
	var local string
	trace := &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) { local = info.Conn.LocalAddr().String() }}
	request, err := http.NewRequest(http.MethodGet, s.url("/who"), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	response, err := client.Do(request.WithContext(httptrace.WithClientTrace(request.Context(), trace)))
	if err != nil {
		s.t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, response.Body)
	response.Body.Close()
	return local
}

func TestTLS_TicketsSurviveAReload(t *testing.T) {
	t.Parallel()
	s := newTLS(t)
	s.begin(plainKitchen(""))
	client := s.transport("http/1.1")
	client.DisableKeepAlives = true
	client.TLSClientConfig.ClientSessionCache = tls.NewLRUClientSessionCache(8)
	resumed := func() bool {
		response, err := (&http.Client{Transport: client, Timeout: 30 * time.Second}).Get(s.url("/who"))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		response.Body.Close()
		return response.TLS.DidResume
	}
	if resumed() {
		t.Error("the first handshake resumed something")
	}
	s.renew()
	s.mustReload()
	if !resumed() {
		t.Error("after a reload every client shakes hands anew")
	}
}

// TestTLS_AReloadLosesNothing holds everything in flight over HTTP/2 that can
// be: a request that waits, half an upload, half a download, and a crowd.
func TestTLS_AReloadLosesNothing(t *testing.T) {
	t.Parallel()
	const size = 8 << 20
	s := newTLS(t)
	s.write("files/big.bin", strings.Repeat("download", size/8))
	s.begin(plainKitchen(""))
	crowd := s.startCrowd("/hello")
	waiting := s.background("/gate?name=held", nil)
	s.awaitFile("held.entered")
	upload, rest := io.Pipe()
	echoed := s.background("/echo", upload)
	half := bytes.Repeat([]byte("upload!!"), size/16)
	if _, err := rest.Write(half); err != nil {
		t.Fatal(err)
	}
	download, err := s.client.Get(s.url("/files/big.bin"))
	if err != nil {
		t.Fatal(err)
	}
	defer download.Body.Close()
	s.renew()
	s.mustReload()
	if _, err := rest.Write(half); err != nil {
		t.Fatal(err)
	}
	rest.Close()
	s.write("held.open", "")
	if got := <-waiting; !strings.HasPrefix(got, "200 passed") {
		t.Errorf("the request that waited: %.100s", got)
	}
	if got, want := <-echoed, fmt.Sprintf("200 %d %x", size, sha256.Sum256(append(half, half...))); got != want {
		t.Errorf("the upload: %.100s, want %s", got, want)
	}
	content, err := io.ReadAll(download.Body)
	if err != nil || string(content) != strings.Repeat("download", size/8) {
		t.Errorf("the download: %d bytes, %v", len(content), err)
	}
	crowd.mustBeClean(t)
}

// background asks over the instance's one connection of HTTP/2.
func (s *tlsInstance) background(path string, body io.Reader) <-chan string {
	answer := make(chan string, 1)
	go s.ask(answer, path, body)
	return answer
}

func (s *tlsInstance) ask(answer chan<- string, path string, body io.Reader) {
	method := http.MethodGet
	if body != nil {
		method = http.MethodPost
	}
	request, err := http.NewRequest(method, s.url(path), body)
	if err != nil {
		answer <- err.Error()
		return
	}
	response, err := s.client.Do(request)
	if err != nil {
		answer <- err.Error()
		return
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		answer <- err.Error()
		return
	}
	answer <- fmt.Sprintf("%d %s", response.StatusCode, content)
}

func (s *tlsInstance) awaitFile(name string) {
	s.t.Helper()
	eventually(s.t, 30*time.Second, func() string {
		if _, err := os.Stat(filepath.Join(s.folder, name)); err != nil {
			return err.Error()
		}
		return ""
	})
}

func TestTLS_AStopLetsStreamsEnd(t *testing.T) {
	t.Parallel()
	s := newTLS(t)
	s.begin(plainKitchen(""))
	waiting := s.background("/gate?name=held", nil)
	s.awaitFile("held.entered")
	s.opened = 0 // it is stopped here
	s.signal(syscall.SIGTERM)
	s.waitLog(`stopping`)
	s.write("held.open", "")
	if got := <-waiting; !strings.HasPrefix(got, "200 passed") {
		t.Errorf("the request that waited: %.100s", got)
	}
	if code := s.waitExit(stopLimit); code != exitStopped {
		t.Errorf("it ended with %d", code)
	}
}
