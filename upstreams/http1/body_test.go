package http1

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/appserve/appserve/upstreams/conn"
)

// readAll reads a whole response: body, trailers, and how it ended.
func readAll(c *conn.Conn, method string) (body string, trailers []Field, err error) {
	var h Head
	if err := ReadHead(c, &h, method, StatusLine); err != nil {
		return "", nil, err
	}
	var b Body
	b.Reset(c, &h)
	for {
		piece, err := b.Next()
		if err == io.EOF {
			return body, b.Trailers, nil
		}
		if err != nil {
			return body, nil, err
		}
		body += string(piece)
	}
}

const chunkedHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

var bodyCases = []struct {
	name, text, body, left, err string
	trailers                    []Field
}{
	{name: "counted", text: "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", body: "abc"},
	{name: "counted, more behind", text: "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcd", body: "abc", left: "d"},
	{name: "counted, cut", text: "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab", body: "ab", err: "in the middle"},
	{name: "until close", text: "HTTP/1.1 200 OK\r\n\r\nabc", body: "abc"},
	{name: "none", text: "HTTP/1.1 204 x\r\n\r\n", body: ""},
	{name: "none, but sent", text: "HTTP/1.1 304 x\r\n\r\nabc", body: "", left: "abc"},
	{name: "chunked", text: chunkedHead + "3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n", body: "abc0123456789"},
	{name: "chunk extensions and blanks", text: chunkedHead + "3;a=b;c=\"d\"\r\nabc\r\n002  \r\nde\r\n000;x\r\n\r\n", body: "abcde"},
	{name: "chunked, more behind", text: chunkedHead + "1\r\na\r\n0\r\n\r\nHTTP/1.1", body: "a", left: "HTTP/1.1"},
	{name: "trailers", text: chunkedHead + "1\r\na\r\n0\r\nX-Sum: 5\r\nContent-Length: 9\r\nx-forwarded-for: 1\r\n\r\n", body: "a",
		trailers: []Field{{"X-Sum", "5"}}},
	{name: "chunked, cut in data", text: chunkedHead + "3\r\nab", body: "ab", err: "in the middle"},
	{name: "chunked, cut after data", text: chunkedHead + "3\r\nabc\r\n", body: "abc", err: "in the middle"},
	{name: "chunked, cut before the end", text: chunkedHead + "3\r\nabc\r\n0\r\n", body: "abc", err: "in the middle"},
	{name: "chunk too long", text: chunkedHead + "3\r\nabcd\r\n0\r\n\r\n", body: "abc", err: "does not end where it must"},
	{name: "bare LF after size", text: chunkedHead + "3\nabc\r\n0\r\n\r\n", err: "does not end where it must"},
	{name: "bare LF after data", text: chunkedHead + "3\r\nabc\n0\r\n\r\n", body: "abc", err: "does not end where it must"},
	{name: "no size", text: chunkedHead + "\r\nabc\r\n", err: `chunk size is ""`},
	{name: "negative size", text: chunkedHead + "-1\r\nabc\r\n", err: `chunk size is "-1"`},
	{name: "0x size", text: chunkedHead + "0x3\r\nabc\r\n", err: `chunk size is "0x3"`},
	{name: "blank before size", text: chunkedHead + " 3\r\nabc\r\n", err: `chunk size is " 3"`},
	{name: "size overflow", text: chunkedHead + "FFFFFFFFFFFFFFFFF\r\nabc\r\n", err: "chunk size is"},
	{name: "CR in extension", text: chunkedHead + "3;a\rb\r\nabc\r\n", err: "chunk size is"},
	{name: "endless extension", text: chunkedHead + "3;" + strings.Repeat("a", 2000) + "\r\nabc\r\n", err: "does not end where it must"},
	{name: "bad trailer", text: chunkedHead + "0\r\nX Y: 1\r\n\r\n", err: "is no name"},
	{name: "endless trailers", text: chunkedHead + "0\r\n" + strings.Repeat("A: b\r\n", 501) + "\r\n", err: "more than 500 trailer fields"},
	{name: "endless trailer line", text: chunkedHead + "0\r\nX: " + strings.Repeat("a", 70000) + "\r\n\r\n", err: "trailer line is larger"},
}

func TestBody(t *testing.T) {
	for _, c := range bodyCases {
		t.Run(c.name, func(t *testing.T) {
			for _, piece := range []int{0, 1, 3} {
				if piece > 0 && len(c.text) > 4096 {
					continue
				}
				server := serverSaying(t, c.text, piece)
				body, trailers, err := readAll(server, "GET")
				if body != c.body || !strings.Contains(fmt.Sprint(err), c.err) || (err == nil) != (c.err == "") {
					t.Errorf("in pieces of %d: %q, %v; want %q, %s", piece, body, err, c.body, c.err)
				}
				if diff := cmp.Diff(c.trailers, append([]Field(nil), trailers...)); diff != "" && err == nil {
					t.Errorf("in pieces of %d: trailers (-want +got)\n%s", piece, diff)
				}
				if piece == 0 && err == nil && string(server.Buffered()) != c.left {
					t.Errorf("left %q, want %q", server.Buffered(), c.left)
				}
			}
		})
	}
}

func TestFrameChunk_IsReadBack(t *testing.T) {
	for _, n := range []int{1, 15, 16, 255, 4096, 32 << 10} {
		buf := make([]byte, RoomBefore+n+RoomAfter)
		data := strings.Repeat("x", n)
		copy(buf[RoomBefore:], data)
		var last strings.Builder
		if err := WriteLastChunk(&last, nil); err != nil {
			t.Fatal(err)
		}
		text := chunkedHead + string(FrameChunk(buf, n)) + last.String()
		if body, _, err := readAll(serverSaying(t, text, 0), "GET"); body != data || err != nil {
			t.Errorf("%d bytes: read %d back, %v", n, len(body), err)
		}
	}
}

func TestWriteLastChunk_KeepsOutWhatMustNotTrail(t *testing.T) {
	var b strings.Builder
	err := WriteLastChunk(&b, http.Header{
		"X-Sum": {"1"}, "Content-Length": {"5"}, "X-Forwarded-For": {"::1"}, "X_Y": {"1"}, "Host": {"h"}, "Cookie": {"c"},
	})
	if got := b.String(); got != "0\r\nX-Sum: 1\r\n\r\n" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if err := WriteLastChunk(&b, http.Header{"X-Sum": {"1\r\nHost: x"}}); err == nil {
		t.Error("a line break in a trailer was written")
	}
}

// FuzzResponse feeds foreign bytes to the reader: it must end, without a
// panic, and never read a body twice as different things in different pieces.
func FuzzResponse(f *testing.F) {
	for _, c := range headCases {
		f.Add([]byte(c.text), c.method == "HEAD", c.style == OrCGI)
	}
	f.Add([]byte(chunkedHead+"3;x=y\r\nabc\r\n0\r\nX-T: 1\r\n\r\n"), false, false)
	f.Fuzz(func(t *testing.T, data []byte, head, cgi bool) {
		method, style := "GET", StatusLine
		if head {
			method = "HEAD"
		}
		if cgi {
			style = OrCGI
		}
		read := func(piece int) string {
			c := serverSaying(t, string(data), piece)
			var h Head
			if err := ReadHead(c, &h, method, style); err != nil {
				return kind(err)
			}
			var b Body
			b.Reset(c, &h)
			body := ""
			for {
				chunk, err := b.Next()
				body += string(chunk)
				if err != nil {
					return fmt.Sprintf("%d %v %q %q %s", h.Status, h.Fields, body, b.Trailers, kind(err))
				}
			}
		}
		if whole, bytes := read(0), read(1); whole != bytes {
			t.Errorf("at once:      %s\nbyte by byte: %s", whole, bytes)
		}
	})
}

func kind(err error) string {
	var bad *BadResponse
	if errors.As(err, &bad) {
		return "bad"
	}
	return err.Error()
}
