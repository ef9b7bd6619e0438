package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

const (
	frontReloads = 6
	frontUpload  = 4 << 20
	frontPieces  = 64
)

// TestFront_ReloadsUnderEverything: six reloads, each with another
// certificate, while a crowd asks over both protocols, uploads and downloads
// are half done, and streams are open in one connection of HTTP/2. Nothing is lost.
func TestFront_ReloadsUnderEverything(t *testing.T) {
	t.Parallel()
	s := newTLS(t)
	s.write("files/large", strings.Repeat("download", 8<<20/8))
	s.write("gate.txt", "")
	s.begin(frontUnderReload)
	crowd := s.startCrowd("/generation")
	shakes := s.startShaking()
	transfers := []*transfer{}
	for _, protocol := range []string{"h2", "http/1.1"} {
		client := s.browser(protocol)
		for range 4 { // those of h2 are streams of one connection
			transfers = append(transfers, s.startUpload(client, protocol), s.startDownload(client, protocol))
		}
	}
	long := s.askLater(s.browser("h2"), "/gate?name=long")
	s.awaitEntered("long")

	for n := range frontReloads {
		for _, moved := range transfers {
			moved.step(n)
		}
		s.renew()
		s.mustReload()
		s.expectGeneration(n + 2)
		if n == 0 { // a generation ends with its last request, and a third does not begin before
			s.open("long")
			s.answered(long, "200 generation 1")
		}
	}

	for _, moved := range transfers {
		moved.finish(t)
	}
	crowd.mustBeClean(t)
	shakes.mustBeClean(t)
	if seen := len(shakes.seen); seen < frontReloads {
		t.Errorf("%d certificates were seen in %d handshakes, want more than %d", seen, shakes.requests, frontReloads)
	}
	if crowd.saw("generation 1") == 0 || crowd.saw(fmt.Sprintf("generation %d", frontReloads+1)) == 0 {
		t.Errorf("the crowd saw %v, want the first generation and the last among them", crowd.seen)
	}
}

const frontUnderReload = `
appserve {
  allow_root      = true
  spool_directory = "$FOLDER/spool"
}
listener "https" {
  address = "$ADDRESS"
  tls {
    certificate = "$FOLDER/site.crt"
    key         = "$FOLDER/site.key"
  }
}
pool "witness" {
  app       = "witness:application"
  chdir     = "$APPS"
  processes = 1
  threads   = 4
  env = {
    APPSERVE_E2E            = "$FOLDER"
    PYTHONDONTWRITEBYTECODE = "1"
  }
}
site "witness" {
  location "/" { pass = pool.witness }
  location "/files" {
    static {
      directory = "$FOLDER/files"
    }
  }
}
`

// startShaking opens connection after connection, each with a full handshake.
// What it notes as seen is the serial number of the certificate.
func (s *tlsInstance) startShaking() *load {
	l := &load{s: s.instance, accept: func(int, string) string { return "" }, stopping: make(chan struct{}), seen: map[string]int{}}
	for range 2 {
		l.wg.Add(1)
		go s.keepShaking(l)
	}
	return l
}

func (s *tlsInstance) keepShaking(l *load) {
	defer l.wg.Done()
	config := s.signer.trust()
	config.ServerName = "site.test"
	for {
		select {
		case <-l.stopping:
			return
		default:
			state, err := s.shake(config)
			serial := ""
			if err == nil {
				serial = state.PeerCertificates[0].SerialNumber.String()
			}
			l.note(http.StatusOK, serial, err, 0)
			time.Sleep(thinkTime)
		}
	}
}

// askLater sends a request whose answer, "STATUS BODY" or an error, comes later.
func (s *tlsInstance) askLater(client *http.Client, path string) <-chan string {
	answer := make(chan string, 1)
	go func() {
		status, body, err := fetch(client, s.url(path))
		if err != nil {
			answer <- err.Error()
			return
		}
		answer <- fmt.Sprintf("%d %s", status, body)
	}()
	return answer
}

// transfer is an upload or a download that goes on piece by piece, a piece
// before each reload and the rest at the end.
type transfer struct {
	name   string
	step   func(n int)
	finish func(t *testing.T)
}

func (s *tlsInstance) startUpload(client *http.Client, protocol string) *transfer {
	s.t.Helper()
	content := bytes.Repeat([]byte("appserve"), frontUpload/8)
	reader, writer := io.Pipe()
	request, err := http.NewRequest(http.MethodPost, s.url("/upload"), reader)
	if err != nil {
		s.t.Fatal(err)
	}
	request.ContentLength = frontUpload
	answer := make(chan string, 1)
	go func() {
		defer reader.Close() // a writer does not wait for who is gone
		response, err := client.Do(request)
		if err != nil {
			answer <- err.Error()
			return
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		answer <- fmt.Sprintf("%d %s %v", response.StatusCode, body, err)
	}()
	piece := frontUpload / frontPieces
	return &transfer{name: "upload over " + protocol,
		step: func(n int) { _, _ = writer.Write(content[n*piece : (n+1)*piece]) },
		finish: func(t *testing.T) {
			_, _ = writer.Write(content[frontReloads*piece:])
			writer.Close()
			want := fmt.Sprintf("200 %d %x generation %d <nil>", frontUpload, sha256.Sum256(content), frontReloads+1)
			if got := <-answer; got != want {
				t.Errorf("an upload over %s got %q, want %q", protocol, got, want)
			}
		}}
}

func (s *tlsInstance) startDownload(client *http.Client, protocol string) *transfer {
	s.t.Helper()
	response, err := client.Get(s.url("/files/large"))
	if err != nil {
		s.t.Fatal(err)
	}
	const size = 8 << 20
	sum, received := sha256.New(), int64(0)
	return &transfer{name: "download over " + protocol,
		step: func(int) {
			n, _ := io.CopyN(sum, response.Body, size/frontPieces)
			received += n
		},
		finish: func(t *testing.T) {
			n, err := io.Copy(sum, response.Body)
			response.Body.Close()
			want := sha256.Sum256([]byte(strings.Repeat("download", size/8)))
			if received += n; err != nil || received != size || !bytes.Equal(sum.Sum(nil), want[:]) {
				t.Errorf("a download over %s ended after %d bytes of %d: %v", protocol, received, size, err)
			}
		}}
}
