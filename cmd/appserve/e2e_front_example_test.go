package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

// TestExamples_HTTPS: every rule of the example is there, on the open listener and behind TLS.
func TestExamples_HTTPS(t *testing.T) {
	t.Parallel()
	s := newSecure(t)
	plain := freeAddress(t)
	s.prepareCoffeehouse()
	s.signer.issue(s.folder, "site", "localhost", "www.localhost")
	s.write("data/media/list.txt", "three bags of beans")
	s.write("data/users", "desk:$6$pF82ZVp7ZHM3zJQJ$..CtRl0BpFrOa91PnnrgiC7w3T.530nBOG8ihZFjsGokBKArXYBRT8iLQJYEIk7XLdPfHJs63qqRtm8cm3xKX/\n")
	serveExample(t, s.instance, "https.hcl", "plain_address="+plain, "data=$FOLDER/data",
		"certificate=$FOLDER/site.crt", "key=$FOLDER/site.key", "users_file=$FOLDER/data/users", "allow_root=true")
	_, port, err := net.SplitHostPort(s.address)
	if err != nil {
		t.Fatal(err)
	}
	home := "https://localhost:" + port
	client := s.anyHost(plain)
	for _, c := range []struct{ url, to string }{
		{"http://" + strings.Replace(plain, "127.0.0.1", "localhost", 1) + "/stores/?a=1", home + "/stores/?a=1"},
		{"http://localhost/x", "https://localhost/x"}, // who names no port comes through one that maps 443, too
		{"https://www.localhost:" + port + "/x?y=1", home + "/x?y=1"},
	} {
		if response, _ := client.ask(http.MethodGet, c.url, nil); response.StatusCode != http.StatusPermanentRedirect || response.Header.Get("Location") != c.to {
			t.Errorf("%s: %d to %q, want 308 to %q", c.url, response.StatusCode, response.Header.Get("Location"), c.to)
		}
	}

	response, page := client.ask(http.MethodGet, home+"/", http.Header{"Accept-Encoding": {"gzip"}})
	header := response.Header
	if response.StatusCode != http.StatusOK || response.ProtoMajor != 2 || header.Get("Content-Encoding") != "gzip" || !strings.HasPrefix(page, "\x1f\x8b") {
		t.Errorf("%s: %s %s %v", home, response.Proto, response.Status, header)
	}
	if header.Get("Strict-Transport-Security") == "" || header.Get("Referrer-Policy") != "same-origin" {
		t.Errorf("response_headers are missing in %v", header)
	}
	client.checkPassword(home + "/media/list.txt")
	client.checkLogins(home + "/admin/login/")
}

// hostClient reaches the instance under any name: http on one address, https on the other.
type hostClient struct {
	t *testing.T
	http.Client
}

func (s *secureInstance) anyHost(plain string) *hostClient {
	transport := &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: s.signer.trust(),
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			_, port, _ := net.SplitHostPort(address)
			if port == "80" || strings.HasSuffix(plain, ":"+port) {
				return (&net.Dialer{}).DialContext(ctx, network, plain)
			}
			return (&net.Dialer{}).DialContext(ctx, network, s.address)
		}}
	s.t.Cleanup(transport.CloseIdleConnections)
	return &hostClient{s.t, http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

func (c *hostClient) ask(method, url string, header http.Header) (*http.Response, string) {
	c.t.Helper()
	request, err := http.NewRequest(method, url, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	if header != nil {
		request.Header = header
	}
	response, err := c.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return response, string(body)
}

func (c *hostClient) checkPassword(url string) {
	c.t.Helper()
	for password, status := range map[string]int{"": 401, "wrong": 401, "crema": 200} {
		request, err := http.NewRequest(http.MethodGet, url, nil)
		if err != nil {
			c.t.Fatal(err)
		}
		request.SetBasicAuth("desk", password)
		if response, _ := c.ask(http.MethodGet, url, request.Header); response.StatusCode != status {
			c.t.Errorf("%s with password %q: %d, want %d", url, password, response.StatusCode, status)
		}
	}
}

// checkLogins posts until the limit is met: 403 is Django's answer to a form without a token.
func (c *hostClient) checkLogins(url string) {
	c.t.Helper()
	for n := range 12 {
		response, _ := c.ask(http.MethodPost, url, nil)
		switch {
		case response.StatusCode == http.StatusForbidden && n < 10:
		case response.StatusCode == http.StatusTooManyRequests && n >= 10 && response.Header.Get("Retry-After") != "":
		default:
			c.t.Errorf("login %d: %s %v", n+1, response.Status, response.Header)
		}
	}
	if response, _ := c.ask(http.MethodGet, url, nil); response.StatusCode != http.StatusOK {
		c.t.Errorf("the form itself: %s", response.Status)
	}
}
