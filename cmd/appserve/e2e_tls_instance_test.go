package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// tlsInstance is an appserve whose listener speaks TLS. Clients reach it under
// any name: the name only goes into the handshake and the Host field.
type tlsInstance struct {
	*instance
	signer *authority
}

// newTLS makes an instance with the pair site.crt and site.key for site.test.
func newTLS(t *testing.T) *tlsInstance {
	t.Helper()
	s := &tlsInstance{instance: newInstance(t), signer: newAuthority(t)}
	s.scheme = "https"
	s.signer.issue(s.folder, "site", "site.test", "127.0.0.1")
	s.write("files/hello.txt", "hello")
	s.client = s.browser("h2")
	return s
}

// begin starts it with a configuration and waits until it serves.
func (s *tlsInstance) begin(configuration string) {
	s.t.Helper()
	s.configure(configuration)
	s.start()
	s.waitLog(`appserve: serving`)
	s.opened = s.descriptors()
}

// transport speaks one protocol, h2 or http/1.1.
func (s *tlsInstance) transport(protocol string) *http.Transport {
	transport := &http.Transport{TLSClientConfig: s.signer.trust(), Protocols: new(http.Protocols), DialContext: s.dial}
	transport.Protocols.SetHTTP2(protocol == "h2")
	transport.Protocols.SetHTTP1(protocol == "http/1.1")
	transport.TLSClientConfig.ServerName = "site.test"
	s.t.Cleanup(transport.CloseIdleConnections)
	return transport
}

func (s *tlsInstance) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	return (&net.Dialer{}).DialContext(ctx, "tcp", s.address)
}

func (s *tlsInstance) browser(protocol string) *http.Client {
	return &http.Client{Transport: s.transport(protocol), Timeout: 60 * time.Second}
}

// shake shakes hands and gives what came of it.
func (s *tlsInstance) shake(c *tls.Config) (tls.ConnectionState, error) {
	s.t.Helper()
	nc, err := tls.DialWithDialer(&net.Dialer{Timeout: 30 * time.Second}, "tcp", s.address, c)
	if err != nil {
		return tls.ConnectionState{}, err
	}
	defer nc.Close()
	return nc.ConnectionState(), nil
}

// serial is the serial number of the certificate for a name; "" when the
// handshake fails.
func (s *tlsInstance) serial(name string) string {
	s.t.Helper()
	c := s.signer.trust()
	c.ServerName = name
	state, err := s.shake(c)
	if err != nil {
		return ""
	}
	return state.PeerCertificates[0].SerialNumber.String()
}

// renew issues the pair of site.test anew, under the nose of the server.
func (s *tlsInstance) renew() {
	s.t.Helper()
	s.signer.issue(s.folder, "new", "site.test", "127.0.0.1")
	for _, kind := range []string{".key", ".crt"} {
		if err := os.Rename(filepath.Join(s.folder, "new"+kind), filepath.Join(s.folder, "site"+kind)); err != nil {
			s.t.Fatal(err)
		}
	}
}

// tlsKitchen is the kitchen application behind TLS; rows go into its tls block.
func tlsKitchen(rows string) string {
	return `
appserve {
  allow_root      = true
  spool_directory = "$FOLDER/spool"
}
listener "https" {
  address = "$ADDRESS"
  tls {
    certificate = "$FOLDER/site.crt"
    key         = "$FOLDER/site.key"
    ` + rows + `
  }
}
pool "kitchen" {
  app       = "kitchen:application"
  chdir     = "$APPS"
  env       = { APPSERVE_E2E = "$FOLDER" }
  processes = 2
  threads   = 4
}
site "kitchen" {
  location "/" {
    pass = pool.kitchen
  }
  location "/files" {
    static {
      directory = "$FOLDER/files"
    }
  }
  location "/who" {
    respond {
      body = "$tls_version $tls_sni $tls_client_verify $tls_client_subject $protocol"
    }
  }
  location "/members" {
    client_certificate = "CLIENT"
    respond {
      body = "welcome"
    }
  }
}
`
}

// issueClient writes NAME.crt and NAME.key for a client.
func (a *authority) issueClient(folder, name, subject string) {
	a.t.Helper()
	key := newKey(a.t)
	template := &x509.Certificate{SerialNumber: serial(a.t), Subject: pkix.Name{CommonName: subject}, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(0, 2, 0)}
	encoded, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		a.t.Fatal(err)
	}
	writePEM(a.t, filepath.Join(folder, name+".crt"), "CERTIFICATE", a.sign(template, a.leaf, key).Raw)
	writePEM(a.t, filepath.Join(folder, name+".key"), "PRIVATE KEY", encoded)
}
