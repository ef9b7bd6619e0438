package main

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// guarded is the kitchen behind every rule about who may ask. $SECOND and
// $THIRD are addresses of further listeners.
const guarded = `
appserve {
  allow_root      = true
  spool_directory = "$FOLDER/spool"
}
listener "behind" {
  address         = "$ADDRESS"
  trusted_proxies = ["127.0.0.1"]
}
listener "open" { address = "$SECOND" }
listener "balanced" {
  address             = "$THIRD"
  proxy_protocol_from = ["127.0.0.0/8"]
}
pool "kitchen" {
  app       = "kitchen:application"
  chdir     = "$APPS"
  env       = { APPSERVE_E2E = "$FOLDER" }
  processes = 2
}
site "kitchen" {
  listeners = [listener.behind, listener.open, listener.balanced]
  compress {}
  location "/" { pass = pool.kitchen }
  location "/office" {
    pass         = pool.kitchen
    strip_prefix = true
    allow        = ["10.0.0.0/8"]
  }
  location "/staff" {
    pass         = pool.kitchen
    strip_prefix = true
    basic_auth {
      realm      = "Staff"
      users_file = "$FOLDER/users"
    }
  }
  location "/either" {
    pass         = pool.kitchen
    strip_prefix = true
    allow        = ["10.0.0.0/8"]
    satisfy      = "any"
    basic_auth { users_file = "$FOLDER/users" }
  }
  location "/seldom" {
    pass         = pool.kitchen
    strip_prefix = true
    rate_limit {
      rate = "2/h"
    }
  }
}
`

const usersOfKitchen = "alice:$apr1$saltsalt$LrttParrLPdxvgutaSXWJ0\n" // secret

// guard serves the guarded kitchen; second and third are its further addresses.
func guard(t *testing.T) (s *instance, second, third string) {
	t.Helper()
	s = newInstance(t)
	second, third = freeAddress(t), freeAddress(t)
	s.write("users", usersOfKitchen)
	if err := os.Chmod(s.folder+"/users", 0o600); err != nil {
		t.Fatal(err)
	}
	s.configure(strings.NewReplacer("$SECOND", second, "$THIRD", third).Replace(guarded))
	s.start()
	s.waitLog(`appserve: serving`)
	s.opened = s.descriptors()
	return s, second, third
}

// askAt sends GET to an address; fields are names and values in turn.
func askAt(t *testing.T, address, path string, fields ...string) *http.Response {
	t.Helper()
	r, err := http.NewRequest("GET", "http://"+address+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(fields); i += 2 {
		r.Header.Set(fields[i], fields[i+1])
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DisableCompression: true}, Timeout: 30 * time.Second}
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	response.Body = io.NopCloser(strings.NewReader(string(body)))
	return response
}

func content(response *http.Response) string {
	body, _ := io.ReadAll(response.Body) // it is in memory
	return string(body)
}

func TestAccess_ApplicationsSeeTheClientBehindATrustedProxy(t *testing.T) {
	t.Parallel()
	s, second, third := guard(t)
	said := []string{"X-Forwarded-For", "127.0.0.1, 203.0.113.9", "X-Forwarded-Proto", "https", "X-Forwarded-Host", "www.example.com", "X_Forwarded_For", "6.6.6.6"}
	for key, want := range map[string][2]string{ // behind the proxy, and from somebody who only says so
		"REMOTE_ADDR": {"'203.0.113.9'", "'127.0.0.1'"}, "wsgi.url_scheme": {"'https'", "'http'"}, "HTTPS": {"'on'", "None"},
		"SERVER_NAME": {"'www.example.com'", "'127.0.0.1'"}, "SERVER_PORT": {"'443'", "'" + port(second) + "'"},
		"HTTP_X_FORWARDED_FOR": {"'203.0.113.9'", "'127.0.0.1'"}, "HTTP_X_REAL_IP": {"'203.0.113.9'", "'127.0.0.1'"},
		"HTTP_X_FORWARDED_PROTO": {"'https'", "'http'"},
	} {
		for i, address := range []string{s.address, second} {
			if got := content(askAt(t, address, "/show?key="+key, said...)); got != want[i] {
				t.Errorf("%s at %d: %s, want %s", key, i, got, want[i])
			}
		}
	}
	conn, err := net.Dial("tcp", third)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "PROXY TCP4 203.0.113.7 192.0.2.1 4711 443\r\nGET /show?key=REMOTE_ADDR HTTP/1.1\r\nHost: a\r\n\r\n")
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := content(response); got != "'203.0.113.7'" {
		t.Errorf("with a PROXY head: %s", got)
	}
	s.waitRecord(s.access, `203\.0\.113\.7 .*REMOTE_ADDR`)
}

func port(address string) string {
	_, port, _ := net.SplitHostPort(address)
	return port
}

func TestAccess_WhoMayEnter(t *testing.T) {
	t.Parallel()
	s, _, _ := guard(t)
	const right, wrong = "Basic YWxpY2U6c2VjcmV0", "Basic YWxpY2U6bm8="
	office := []string{"X-Forwarded-For", "10.1.2.3"}
	for _, c := range []struct {
		path   string
		fields []string
		status int
		body   string
	}{
		{"/office/hello", nil, 403, ""},
		{"/office/hello", office, 200, "hello\n"},
		{"/%6fffice/hello", nil, 403, ""},
		{"/x/../office//hello", nil, 403, ""},
		{"/staff/hello", nil, 401, ""},
		{"/staff/hello", []string{"Authorization", wrong}, 401, ""},
		{"/staff/show?key=REMOTE_USER", []string{"Authorization", right}, 200, "'alice'"},
		{"/staff/show?key=HTTP_AUTHORIZATION", []string{"Authorization", right}, 200, "None"},
		{"/show?key=HTTP_AUTHORIZATION", []string{"Authorization", right}, 200, "'" + right + "'"},
		{"/show?key=REMOTE_USER", []string{"Authorization", right, "Remote-User", "root"}, 200, "None"},
		{"/either/hello", nil, 401, ""},
		{"/either/hello", office, 200, "hello\n"},
		{"/either/hello", []string{"Authorization", right}, 200, "hello\n"},
	} {
		response := askAt(t, s.address, c.path, c.fields...)
		if got := content(response); response.StatusCode != c.status || c.body != "" && got != c.body {
			t.Errorf("%s with %q: %d %q, want %d %q", c.path, c.fields, response.StatusCode, got, c.status, c.body)
		}
	}
	if got := askAt(t, s.address, "/staff/").Header.Get("WWW-Authenticate"); got != `Basic realm="Staff", charset="UTF-8"` {
		t.Errorf("challenge %q", got)
	}
	s.waitRecord(s.access, ` - alice .*key=REMOTE_USER`)
	s.write("users", "bob:$apr1$saltsalt$LrttParrLPdxvgutaSXWJ0\n")
	eventually(t, 10*time.Second, func() string {
		if askAt(t, s.address, "/staff/hello", "Authorization", right).StatusCode != 401 {
			return "alice, who is no user any more, still gets in"
		}
		return ""
	})
}

func TestAccess_RateLimitOutlivesAReload(t *testing.T) {
	t.Parallel()
	s, _, _ := guard(t)
	s.expect("/seldom/hello", 200, "hello\n")
	s.expect("/seldom/hello", 200, "hello\n")
	if verdict := s.reload(); !strings.Contains(verdict, "live") {
		t.Fatal(verdict)
	}
	response := askAt(t, s.address, "/seldom/hello")
	if response.StatusCode != 429 || response.Header.Get("Retry-After") == "" {
		t.Errorf("%d, Retry-After %q", response.StatusCode, response.Header.Get("Retry-After"))
	}
	if got := askAt(t, s.address, "/seldom/hello", "X-Forwarded-For", "203.0.113.9").StatusCode; got != 200 {
		t.Errorf("somebody else: %d", got)
	}
	s.expect("/hello", 200, "hello\n")
}

// A compressed stream arrives piece by piece, and its connection carries on.
func TestAccess_CompressedStreamsAreNotHeldBack(t *testing.T) {
	t.Parallel()
	s, _, _ := guard(t)
	conn, err := net.Dial("tcp", s.address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(conn)
	fmt.Fprint(conn, "GET /stream?n=2&gate=piece HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n")
	response, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	if response.Header.Get("Content-Encoding") != "gzip" || response.Header.Get("Vary") != "Accept-Encoding" {
		t.Fatal(response.Header)
	}
	body, err := gzip.NewReader(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	first := make([]byte, 2)
	if _, err := io.ReadFull(body, first); err != nil || string(first) != "0\n" {
		t.Fatalf("%q, %v", first, err) // while the application waits at its gate
	}
	s.write("piece.open", "")
	if rest, err := io.ReadAll(body); err != nil || string(rest) != "1\n" {
		t.Errorf("%q, %v", rest, err)
	}
	_, _ = io.Copy(io.Discard, response.Body)
	fmt.Fprint(conn, "GET /hello HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n")
	if response, err = http.ReadResponse(r, nil); err != nil || response.Header.Get("Content-Encoding") != "" || content(response) != "hello\n" {
		t.Errorf("the next response on the connection: %+v, %v", response, err)
	}
}

// With few descriptors appserve accepts fewer connections, says so once, and
// serves the rest as soon as somebody leaves.
func TestAccess_FewDescriptors(t *testing.T) {
	t.Parallel()
	s := serve(t, kitchen("processes = 1"))
	limit := unix.Rlimit{Cur: 256, Max: 256}
	if err := unix.Prlimit(s.process.Process.Pid, unix.RLIMIT_NOFILE, &limit, nil); err != nil {
		t.Fatal(err)
	}
	if verdict := s.reload(); !strings.Contains(verdict, "live") {
		t.Fatal(verdict)
	}
	var conns []net.Conn
	defer func() {
		for _, c := range conns {
			c.Close()
		}
	}()
	for range 300 {
		c, err := net.Dial("tcp", s.address)
		if err != nil {
			t.Fatal(err)
		}
		conns = append(conns, c)
		fmt.Fprint(c, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
	}
	s.waitLog(`as many connections as max_connections allows.*max_connections=204`)
	for i, c := range conns { // each leaves when it is served, and lets another one in
		_ = c.SetDeadline(time.Now().Add(30 * time.Second))
		response, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil || response.StatusCode != 200 {
			t.Fatalf("connection %d: %v", i, err)
		}
		c.Close()
	}
	if n := strings.Count(s.log.text(), "as many connections"); n != 1 {
		t.Errorf("the log says it %d times", n)
	}
}
