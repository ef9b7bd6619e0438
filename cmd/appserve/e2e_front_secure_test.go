package main

import (
	"crypto/tls"
	"io"
	"net/http"
	"testing"
	"time"
)

// secureInstance is one appserve whose listener speaks TLS.
type secureInstance struct {
	*instance
	signer *authority
	h2     *http.Client // HTTP/2, one connection
	h1     *http.Client // HTTP/1.1, a connection per request
}

// serveSecure starts the witness application behind TLS. The pair of the
// listener is site.crt and site.key of the test's folder.
func serveSecure(t *testing.T) *secureInstance {
	t.Helper()
	s := newSecure(t)
	s.configure(secureWitness)
	s.start()
	s.waitLog(`appserve: serving`)
	s.opened = s.descriptors()
	return s
}

func newSecure(t *testing.T) *secureInstance {
	t.Helper()
	s := &secureInstance{instance: newInstance(t), signer: newAuthority(t)}
	s.signer.issue(s.folder, "site", "127.0.0.1", "localhost")
	s.h2 = s.secureClient(&http.Transport{ForceAttemptHTTP2: true})
	s.h1 = s.secureClient(&http.Transport{DisableKeepAlives: true, TLSNextProto: map[string]func(string, *tls.Conn) http.RoundTripper{}})
	s.client, s.scheme = s.h2, "https"
	return s
}

func (s *secureInstance) secureClient(transport *http.Transport) *http.Client {
	transport.TLSClientConfig = s.signer.trust()
	s.t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: 60 * time.Second}
}

// expectStill gets path over a fresh connection: the server lives and answers.
func (s *secureInstance) expectStill(path, body string) {
	s.t.Helper()
	response, err := s.h1.Get(s.url(path))
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK || string(content) != body {
		s.t.Errorf("GET %s: %d %v %q, want %q", path, response.StatusCode, err, content, body)
	}
}

// secureWitness is a fixed answer, a folder, and the witness application.
const secureWitness = `
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
  env       = { APPSERVE_E2E = "$FOLDER" }
  processes = 1
  threads   = 8
}
site "front" {
  max_body_size = "64MiB"
  location "/" {
    match = "exact"
    respond {
      body = "hello from the front"
    }
  }
  location "/files" {
    static {
      directory = "$FOLDER"
    }
  }
  location "/app" {
    pass         = pool.witness
    strip_prefix = true
  }
}
`
