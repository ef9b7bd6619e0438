package h1

import (
	"net/http"
	"strings"
	"testing"
)

const host = "Host: a\r\n"

// long is more than a head may be.
var long = strings.Repeat("x", 40<<10)

// strictness is the table of what must not pass (RFC 9112).
var strictness = []struct {
	name, request string
	status        int
}{
	{"different lengths", "POST / HTTP/1.1\r\n" + host + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nx", 400},
	{"the same length twice", "POST / HTTP/1.1\r\n" + host + "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx", 400},
	{"a list of lengths", "POST / HTTP/1.1\r\n" + host + "Content-Length: 1, 1\r\n\r\nx", 400},
	{"a signed length", "POST / HTTP/1.1\r\n" + host + "Content-Length: +1\r\n\r\nx", 400},
	{"a hexadecimal length", "POST / HTTP/1.1\r\n" + host + "Content-Length: 0x1\r\n\r\nx", 400},
	{"no length", "POST / HTTP/1.1\r\n" + host + "Content-Length:\r\n\r\n", 400},
	{"a negative length", "POST / HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n", 400},
	{"a huge length", "POST / HTTP/1.1\r\n" + host + "Content-Length: 99999999999999999999\r\n\r\n", 400},
	{"length and coding", "POST / HTTP/1.1\r\n" + host + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
	{"coding and length", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400},
	{"a coding in HTTP/1.0", "POST / HTTP/1.0\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
	{"an unknown coding", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip\r\n\r\n", 501},
	{"two codings", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
	{"two coding fields", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
	{"a coding with a vertical tab", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n", 400},
	{"an empty coding", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding:\r\n\r\n", 501},
	{"a bare LF behind the request line", "GET / HTTP/1.1\n" + host + "\r\n", 400},
	{"a bare LF behind a field", "GET / HTTP/1.1\r\nHost: a\n\r\n", 400},
	{"a bare LF at the end", "GET / HTTP/1.1\r\n" + host + "\n", 400},
	{"obs-fold", "GET / HTTP/1.1\r\n" + host + "X: a\r\n b\r\n\r\n", 400},
	{"obs-fold of the first field", "GET / HTTP/1.1\r\n " + host + "\r\n", 400},
	{"a bare CR in a value", "GET / HTTP/1.1\r\n" + host + "X: a\rb\r\n\r\n", 400},
	{"a NUL in a value", "GET / HTTP/1.1\r\n" + host + "X: a\x00b\r\n\r\n", 400},
	{"a DEL in a value", "GET / HTTP/1.1\r\n" + host + "X: a\x7fb\r\n\r\n", 400},
	{"a blank before the colon", "GET / HTTP/1.1\r\n" + host + "X : a\r\n\r\n", 400},
	{"no name", "GET / HTTP/1.1\r\n" + host + ": a\r\n\r\n", 400},
	{"no colon", "GET / HTTP/1.1\r\n" + host + "X\r\n\r\n", 400},
	{"a name with a letter beyond ASCII", "GET / HTTP/1.1\r\n" + host + "\xc3\xa4: a\r\n\r\n", 400},
	{"no Host", "GET / HTTP/1.1\r\n\r\n", 400},
	{"two Hosts", "GET / HTTP/1.1\r\n" + host + host + "\r\n", 400},
	{"two Hosts in HTTP/1.0", "GET / HTTP/1.0\r\n" + host + host + "\r\n", 400},
	{"another Host than the target", "GET http://b/ HTTP/1.1\r\n" + host + "\r\n", 400},
	{"two blanks", "GET  / HTTP/1.1\r\n" + host + "\r\n", 400},
	{"a blank in the target", "GET /a b HTTP/1.1\r\n" + host + "\r\n", 400},
	{"a tab behind the method", "GET\t/ HTTP/1.1\r\n" + host + "\r\n", 400},
	{"a blank behind the version", "GET / HTTP/1.1 \r\n" + host + "\r\n", 400},
	{"a control in the target", "GET /\x01 HTTP/1.1\r\n" + host + "\r\n", 400},
	{"a method that is no token", "G(T / HTTP/1.1\r\n" + host + "\r\n", 400},
	{"HTTP/0.9", "GET /\r\n", 400},
	{"a version in lower case", "GET / http/1.1\r\n" + host + "\r\n", 400},
	{"HTTP/1.10", "GET / HTTP/1.10\r\n" + host + "\r\n", 400},
	{"HTTP/1.2", "GET / HTTP/1.2\r\n" + host + "\r\n", 505},
	{"HTTP/2.0", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
	{"HTTP/0.9 in full", "GET / HTTP/0.9\r\n" + host + "\r\n", 505},
	{"TLS", "\x16\x03\x01\x02\x00\x01", 400},
	{"an empty line too many", "\r\n\r\n\r\nGET / HTTP/1.1\r\n" + host + "\r\n", 400},
	{"an empty line with LF", "\nGET / HTTP/1.1\r\n" + host + "\r\n", 400},
	{"another expectation", "POST / HTTP/1.1\r\n" + host + "Expect: wonders\r\nContent-Length: 1\r\n\r\nx", 417},
	{"a long request line", "GET /" + long + " HTTP/1.1\r\n" + host + "\r\n", 414},
	{"a request line without end", "GET /" + long, 414},
	{"a long field", "GET / HTTP/1.1\r\n" + host + "X: " + long + "\r\n\r\n", 431},
	{"a field without end", "GET / HTTP/1.1\r\n" + host + "X: " + long, 431},
	{"many fields", "GET / HTTP/1.1\r\n" + host + strings.Repeat("X: 1\r\n", 100) + "\r\n", 431},
}

func TestStrictness(t *testing.T) {
	for _, row := range strictness {
		t.Run(row.name, func(t *testing.T) {
			c := serve(t, testRows, func(w http.ResponseWriter, r *http.Request) { t.Errorf("%s %s reached the handler", r.Method, r.URL) })
			c.send(row.request)
			c.want(row.status, "no")
			_ = c.Conn.(interface{ CloseWrite() error }).CloseWrite()
			c.ended()
			if e := c.told(); e.status != row.status || e.detail == "" || e.received == 0 {
				t.Errorf("told %+v", e)
			}
		})
	}
}

// What is odd and yet well formed passes, as it was meant.
func TestLeniency(t *testing.T) {
	for _, row := range []struct{ name, request, want string }{
		{"an empty line before", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / a|||"},
		{"names in any case", "GET / HTTP/1.1\r\nhOST: a\r\nx-a-B:1\r\n\r\n", "GET / a|X-A-B: 1\r\n||"},
		{"blanks around a value", "GET / HTTP/1.1\r\nHost:  \t a\t \r\nX: \t\r\n\r\n", "GET / a|X: \r\n||"},
		{"a field three times", "GET / HTTP/1.1\r\nX: 1\r\nHost: a\r\nX: 2\r\nY: 0\r\nX: 3\r\n\r\n", "GET / a|X: 1\r\nX: 2\r\nX: 3\r\nY: 0\r\n||"},
		{"no Host in HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", "GET / |||"},
		{"an absolute target", "GET http://A.example:80/x?y HTTP/1.1\r\nHost: a.example:80\r\n\r\n", "GET http://A.example:80/x?y A.example:80|||"},
		{"octets beyond ASCII", "GET /\xe4 HTTP/1.1\r\nHost: a\r\nX: \xff\r\n\r\n", "GET /\xe4 a|X: \xff\r\n||"},
		{"a length with zeros", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 003\r\n\r\nabc", "POST / a|Content-Length: 003\r\n|abc|"},
		{"chunks", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: CHUNKED\r\n\r\n" +
			"3\r\nabc\r\n00a ; x=\"y;\\\"\" ;z\r\n0123456789\r\n000\r\nT-A: 1\r\nContent-Length: 9\r\n\r\n", "POST / a||abc0123456789|T-A: 1\r\n"},
		{"exactly as many fields", "GET / HTTP/1.1\r\nHost: a\r\n" + strings.Repeat("X: 1\r\n", 99) + "\r\n",
			"GET / a|" + strings.Repeat("X: 1\r\n", 99) + "||"},
	} {
		t.Run(row.name, func(t *testing.T) {
			for _, size := range []int{1 << 20, 1, 7} {
				c := serve(t, testRows, echo)
				for rest := row.request; rest != ""; {
					n := min(size, len(rest))
					c.send(rest[:n])
					rest = rest[n:]
				}
				c.want(200, row.want)
				if e := c.told(); e.received != int64(len(row.request)) {
					t.Errorf("%d bytes belong to the request, told %d", len(row.request), e.received)
				}
			}
		})
	}
}

// A body that is framed badly is never taken for a whole one, and what is
// behind it never for a request.
func TestBadChunks(t *testing.T) {
	for name, body := range map[string]string{
		"no size":                   "\r\nabc\r\n0\r\n\r\n",
		"no number":                 "g\r\nabc\r\n0\r\n\r\n",
		"a sign":                    "+3\r\nabc\r\n0\r\n\r\n",
		"a prefix":                  "0x3\r\nabc\r\n0\r\n\r\n",
		"a blank behind the size":   "3 \r\nabc\r\n0\r\n\r\n",
		"a blank before the size":   " 3\r\nabc\r\n0\r\n\r\n",
		"a huge size":               "fffffffffffffffff\r\nabc\r\n0\r\n\r\n",
		"a bare LF behind the size": "3\nabc\r\n0\r\n\r\n",
		"a bare LF behind the data": "3\r\nabc\n0\r\n\r\n",
		"more data than said":       "3\r\nabcd\r\n0\r\n\r\n",
		"a bare CR in an extension": "3;a\rb\r\nabc\r\n0\r\n\r\n",
		"an extension without name": "3;\r\nabc\r\n0\r\n\r\n",
		"a quote without end":       "3;a=\"b\r\nabc\r\n0\r\n\r\n",
		"a long extension":          "3;" + strings.Repeat("a", 600) + "\r\nabc\r\n0\r\n\r\n",
		"many extensions":           strings.Repeat("1;"+strings.Repeat("a", 400)+"\r\nx\r\n", 60) + "0\r\n\r\n",
		"a bad trailer":             "3\r\nabc\r\n0\r\nX : 1\r\n\r\n",
		"a folded trailer":          "3\r\nabc\r\n0\r\nX: 1\r\n 2\r\n\r\n",
		"a bare LF in the trailers": "3\r\nabc\r\n0\r\nX: 1\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			c := serve(t, testRows, echo)
			c.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n")
			if a := c.want(400, ""); !a.Close {
				t.Error("the connection goes on")
			}
			_ = c.Conn.(interface{ CloseWrite() error }).CloseWrite()
			c.ended()
		})
	}
}
