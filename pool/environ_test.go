package pool_test

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/appserve/appserve/pool"
)

// echoApp answers with what it was given, in the order of names.
const echoApp = `
def app(environ, start_response):
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("X-Body", str(len(body))), ("X-Sum", str(sum(body)))])
    return ["".join(f"{k}={v!r}\n" for k, v in sorted(environ.items()) if isinstance(v, str)).encode("utf-8")]
`

func TestEnviron(t *testing.T) {
	log := &logBuffer{}
	p := bootPython(t, pythonConfig(t, echoApp), log)
	h := p.Handler(pool.HandlerOptions{})
	r := post("/caf\xe9/x?q=%20", "hello")
	r.RequestURI = "/caf%E9/x?q=%20"
	r.Host = "example.com:8000"
	r.Header["X-Twice"] = []string{"a", "b"}
	r.Header["Cookie"] = []string{"a=1", "b=2"}
	r.Header["X-High"] = []string{"\xff\xfe"}
	for name, value := range map[string]string{"For": "a", "Proto": "b", "Host": "c", "Port": "d"} {
		r.Header["X-Forwarded-"+name] = []string{value}
	}
	r.Header["X-Real-Ip"] = []string{"e"}
	t.Run("without identity", func(t *testing.T) { testEnviron(t, h, r) })
	r.Header["X-Request-Id"] = []string{"f"}
	t.Run("with identity", func(t *testing.T) { testEnviron(t, h, r, `HTTP_X_REQUEST_ID='f'`) })
}

func testEnviron(t *testing.T, h http.Handler, r *http.Request, wanted ...string) {
	t.Helper()
	r.Body = io.NopCloser(strings.NewReader("hello"))
	x := serve(h, r)
	for _, want := range append(wanted,
		`HTTP_X_FORWARDED_FOR='a'`, `HTTP_X_FORWARDED_PROTO='b'`, `HTTP_X_FORWARDED_HOST='c'`, `HTTP_X_FORWARDED_PORT='d'`, `HTTP_X_REAL_IP='e'`,
		`REQUEST_METHOD='POST'`, `SCRIPT_NAME=''`, `PATH_INFO='/café/x'`, `QUERY_STRING='q=%20'`, `CONTENT_LENGTH='5'`,
		`CONTENT_TYPE='text/plain'`, `SERVER_NAME='example.com'`, `SERVER_PORT='80'`, `SERVER_PROTOCOL='HTTP/1.1'`,
		`REMOTE_ADDR='192.0.2.1'`, `REMOTE_PORT='1234'`, `REQUEST_URI='/caf%E9/x?q=%20'`, `RAW_URI='/caf%E9/x?q=%20'`,
		`REQUEST_SCHEME='http'`, `wsgi.url_scheme='http'`, `HTTP_HOST='example.com:8000'`, `HTTP_X_TWICE='a,b'`,
		`HTTP_COOKIE='a=1; b=2'`, `HTTP_X_HIGH='ÿþ'`, `REMOTE_USER='alice'`, `AUTH_TYPE='Basic'`,
	) {
		if !strings.Contains(x.body.String(), want+"\n") {
			t.Errorf("no %s in\n%s", want, x.body.String())
		}
	}
	if strings.Contains(x.body.String(), "HTTP_CONTENT_") || strings.Contains(x.body.String(), "HTTPS") {
		t.Errorf("too much in\n%s", x.body.String())
	}
	if !x.released {
		t.Error("the body was not released")
	}
}

func TestEnviron_NoBody(t *testing.T) {
	p := bootPython(t, pythonConfig(t, echoApp), &logBuffer{})
	x := serve(p.Handler(pool.HandlerOptions{}), get("/"))
	if strings.Contains(x.body.String(), "CONTENT_") {
		t.Errorf("a body is announced:\n%s", x.body.String())
	}
}

// Every byte 0x00-0xFF, at lengths around every encoding's limits, arrives as
// the code point of its number, and the worker lives.
func TestEnviron_EveryByte(t *testing.T) {
	log := &logBuffer{}
	p := bootPython(t, pythonConfig(t, `
def app(environ, start_response):
    value = environ["HTTP_X_VALUE"].encode("latin-1")
    path = environ["PATH_INFO"].encode("latin-1")
    start_response("200 OK", [("X-Value", str(len(value)))])
    return [value, b"|", path]
`), log)
	h := p.Handler(pool.HandlerOptions{})
	for b := range 256 {
		for _, n := range []int{1, 127, 128, 255, 256, 8000} {
			value := strings.Repeat(string([]byte{byte(b)}), n)
			r := get("/")
			r.Header["X-Value"] = []string{value}
			r.URL.Path = "/" + value
			if x := serve(h, r); x.status != 200 || x.body.String() != value+"|/"+value {
				t.Fatalf("byte %#x x %d: %d %q", b, n, x.status, x.reason)
			}
		}
	}
	if log.has("worker died") {
		t.Error(log.String())
	}
}

func TestBodies(t *testing.T) {
	p := bootPython(t, pythonConfig(t, echoApp), &logBuffer{})
	h := p.Handler(pool.HandlerOptions{})
	before := openDescriptors(t)
	for _, size := range []int{0, 1, 64 << 10, 64<<10 + 1, 160 << 10, 3 << 20} {
		body := bytes.Repeat([]byte{3}, size)
		x := newExchange(post("/", ""))
		x.data = body
		x.serve(h)
		if x.status != 200 || x.header.Get("X-Body") != strconv.Itoa(size) || x.header.Get("X-Sum") != strconv.Itoa(3*size) {
			t.Errorf("%d bytes: %d %q %v", size, x.status, x.reason, x.header)
		}
	}
	if after := openDescriptors(t); after > before {
		t.Errorf("%d descriptors before, %d after", before, after)
	}
}

func TestBodies_LargeHead(t *testing.T) {
	p := bootPython(t, pythonConfig(t, echoApp), &logBuffer{})
	h := p.Handler(pool.HandlerOptions{})
	x := newExchange(post("/", strings.Repeat("x", 60<<10))) // both fit, together they do not
	x.request.Header.Set("X-Large", strings.Repeat("y", 120<<10))
	x.serve(h)
	if x.status != 200 || x.header.Get("X-Body") != strconv.Itoa(60<<10) {
		t.Errorf("%d %q %v", x.status, x.reason, x.header)
	}
	r := get("/")
	r.Header.Set("X-Large", strings.Repeat("y", 200<<10))
	if x := serve(h, r); x.status != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("%d %q", x.status, x.reason)
	}
	if x := serve(h, get("/")); x.status != 200 {
		t.Errorf("afterwards: %d %q", x.status, x.reason)
	}
}
