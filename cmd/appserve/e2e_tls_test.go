package main

import (
	"crypto/tls"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// plainKitchen is tlsKitchen without a location for members.
func plainKitchen(rows string) string {
	return strings.Replace(tlsKitchen(rows), `    client_certificate = "CLIENT"`+"\n", "", 1)
}

func TestTLS_AWorkerIsReachedByBothProtocols(t *testing.T) {
	t.Parallel()
	s := newTLS(t)
	s.begin(plainKitchen(""))
	_, port, _ := strings.Cut(s.address, ":")
	for protocol, version := range map[string]string{"h2": "HTTP/2.0", "http/1.1": "HTTP/1.1"} {
		s.client = s.browser(protocol)
		for key, want := range map[string]string{
			"wsgi.url_scheme": "'https'", "HTTPS": "'on'", "SERVER_PORT": "'" + port + "'", "SERVER_PROTOCOL": "'" + version + "'",
			"HTTP_X_FORWARDED_PROTO": "'https'", "HTTP_HOST": "'" + s.address + "'",
		} {
			if _, got := s.get("/show?key=" + key); got != want {
				t.Errorf("%s: %s is %s, want %s", protocol, key, got, want)
			}
		}
		s.expect("/who", 200, "TLSv1.3 site.test NONE  "+version)
	}
}

func TestTLS_TheNameChoosesTheCertificate(t *testing.T) {
	t.Parallel()
	s := newTLS(t)
	s.signer.issue(s.folder, "wild", "*.wild.test")
	wild := "\n    pair \"wild\" {\n      certificate = \"$FOLDER/wild.crt\"\n      key         = \"$FOLDER/wild.key\"\n    }\n"
	s.begin(strings.Replace(plainKitchen(wild), `site "kitchen" {`, "site \"kitchen\" {\n  hosts = [\"site.test\", \"*.wild.test\"]", 1))
	for name, reached := range map[string]bool{"site.test": true, "a.wild.test": true, "b.wild.test": true} {
		if got := s.serial(name); (got != "") != reached {
			t.Errorf("%s: reached %t", name, got != "")
		}
	}
	if s.serial("site.test") == s.serial("a.wild.test") {
		t.Error("one certificate for both names")
	}
	_, err := s.shake(&tls.Config{ServerName: "unknown.test", InsecureSkipVerify: true})
	if err == nil || !strings.Contains(err.Error(), "unrecognized name") {
		t.Errorf("an unknown name: %v", err)
	}
}

func TestTLS_AChangedFileIsTakenWithoutASignal(t *testing.T) {
	t.Parallel()
	s := newTLS(t)
	s.begin(plainKitchen(""))
	before := s.serial("site.test")
	s.expect("/hello", 200, "hello\n")
	s.renew()
	eventually(t, 30*time.Second, func() string {
		if after := s.serial("site.test"); after == "" || after == before {
			return "serial " + after
		}
		return ""
	})
	s.waitLog(`certificate replaced.*` + filepath.Join(s.folder, "site.crt"))
	s.expect("/hello", 200, "hello\n")
}

func TestTLS_AFaultInAFileRefusesAReloadAndAStart(t *testing.T) {
	t.Parallel()
	s := newTLS(t)
	s.begin(plainKitchen(""))
	before := s.serial("site.test")
	if err := os.WriteFile(filepath.Join(s.folder, "site.key"), []byte("no key"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.excuse(`configuration is not sound`)
	s.excuse(`reload 1: refused`)
	s.excuse(`changed certificate not usable`)
	if verdict := s.reload(); !strings.Contains(verdict, "refused") {
		t.Fatal(verdict)
	}
	s.waitLog(`site\.key`)
	s.waitLog(`main\.hcl line 10`)
	if after := s.serial("site.test"); after != before {
		t.Errorf("the certificate is now %q", after)
	}
	start := exec.Command(binary, "-c", filepath.Join(s.folder, "conf.d"))
	said, err := start.CombinedOutput()
	if code := start.ProcessState.ExitCode(); code != exitConfiguration || err == nil {
		t.Errorf("a start with it ends with %d", code)
	}
	if !strings.Contains(string(said), "site.key") {
		t.Errorf("the file is not named:\n%s", said)
	}
}

func TestTLS_ClientCertificates(t *testing.T) {
	t.Parallel()
	s := newTLS(t)
	s.signer.write(filepath.Join(s.folder, "ca.pem"))
	stranger := newAuthority(t)
	member := func(a *authority) *http.Client {
		a.issueClient(s.folder, "member", "member")
		own, err := tls.LoadX509KeyPair(filepath.Join(s.folder, "member.crt"), filepath.Join(s.folder, "member.key"))
		if err != nil {
			t.Fatal(err)
		}
		transport := s.transport("h2")
		transport.TLSClientConfig.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &own, nil }
		return &http.Client{Transport: transport, Timeout: 30 * time.Second}
	}
	s.begin(strings.Replace(tlsKitchen(`client_ca = "$FOLDER/ca.pem"`+"\n    client_auth = \"optional\""), "CLIENT", "required", 1))
	for name, c := range map[string]struct {
		client *http.Client
		status int
		who    string
	}{
		"nobody": {s.browser("h2"), 403, "TLSv1.3 site.test NONE  HTTP/2.0"},
		"member": {member(s.signer), 200, "TLSv1.3 site.test SUCCESS CN=member HTTP/2.0"},
	} {
		s.client = c.client
		s.expect("/members", c.status, "")
		if _, who := s.get("/who"); who != c.who {
			t.Errorf("%s is %q", name, who)
		}
	}
	if _, err := member(stranger).Get(s.url("/who")); err == nil {
		t.Error("a certificate of a stranger was taken")
	}
	s.configure(strings.Replace(plainKitchen(`client_ca = "$FOLDER/ca.pem"`+"\n    client_auth = \"required\""), "CLIENT", "required", 1))
	if verdict := s.reload(); !strings.Contains(verdict, "live") {
		t.Fatal(verdict)
	}
	if _, err := s.browser("h2").Get(s.url("/who")); err == nil {
		t.Error("nobody got in where a certificate is required")
	}
	s.client = member(s.signer)
	s.expect("/who", 200, "TLSv1.3 site.test SUCCESS CN=member HTTP/2.0")
}

func TestTLS_HTTP2WithoutTLS(t *testing.T) {
	t.Parallel()
	s := newInstance(t)
	s.configure(strings.Replace(kitchen(""), `{ address = "$ADDRESS" }`, "{\n  address = \"$ADDRESS\"\n  h2c     = true\n}", 1))
	s.start()
	s.waitLog(`appserve: serving`)
	transport := &http.Transport{Protocols: new(http.Protocols)}
	transport.Protocols.SetUnencryptedHTTP2(true)
	t.Cleanup(transport.CloseIdleConnections)
	for _, client := range []*http.Client{{Transport: transport, Timeout: 30 * time.Second}, s.client} {
		response, err := client.Post(s.url("/echo"), "text/plain", strings.NewReader(strings.Repeat("body", 100_000)))
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || !strings.HasPrefix(string(content), "400000 ") {
			t.Errorf("%s: %d %q, %v", response.Proto, response.StatusCode, content, err)
		}
	}
	s.waitRecord(s.access, `POST /echo HTTP/2\.0`)
	s.waitRecord(s.access, `POST /echo HTTP/1\.1`)
}
