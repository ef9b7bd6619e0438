package http1

import (
	"errors"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/appserve/appserve/upstreams/conn"
)

// serverSaying returns a connection whose other end writes text, in pieces of
// the given size (0: all at once), and closes.
func serverSaying(t testing.TB, text string, piece int) *conn.Conn {
	near, far := net.Pipe()
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() { _ = far.Close() }()
		if piece == 0 {
			piece = max(len(text), 1)
		}
		for len(text) > 0 {
			n := min(piece, len(text))
			if _, err := io.WriteString(far, text[:n]); err != nil {
				return // the reader had enough
			}
			text = text[n:]
		}
	}()
	c := conn.New(near, new(conn.Buffers))
	t.Cleanup(func() {
		_ = c.Close()
		<-done
	})
	return c
}

// outcome is what a test sees of a head.
type outcome struct {
	Status  int
	Fields  string // "Name: value\n" each
	Framing Framing
	Length  int64
	Keep    bool
	Upgrade string
	Err     string // a part of the text of the error
}

func outcomeOf(h *Head, err error) outcome {
	if err != nil {
		return outcome{Err: err.Error()}
	}
	var fields strings.Builder
	for _, f := range h.Fields {
		fields.WriteString(f.Name + ": " + f.Value + "\n")
	}
	return outcome{h.Status, fields.String(), h.Framing, h.Length, h.KeepAlive, h.Upgrade, ""}
}

var headCases = []struct {
	name, method string
	style        Style
	text         string
	want         outcome
}{
	{"plain", "GET", StatusLine, "HTTP/1.1 200 OK\r\ncontent-length: 5\r\nX-A:  b \r\n\r\n",
		outcome{200, "Content-Length: 5\nX-A: b\n", Counted, 5, true, "", ""}},
	{"no reason phrase", "GET", StatusLine, "HTTP/1.1 404\r\nContent-Length: 0\r\n\r\n",
		outcome{404, "Content-Length: 0\n", Counted, 0, true, "", ""}},
	{"close token", "GET", StatusLine, "HTTP/1.1 200 OK\r\nConnection: x-hop , Close\r\nX-Hop: 1\r\nContent-Length: 1\r\n\r\n",
		outcome{200, "Content-Length: 1\n", Counted, 1, false, "", ""}},
	{"hop-by-hop", "GET", StatusLine, "HTTP/1.1 200 OK\r\nKeep-Alive: 5\r\nProxy-Connection: x\r\nTE: t\r\nUpgrade: h2c\r\nTrailer: X-T\r\nProxy-Authenticate: b\r\nTransfer-Encoding: chunked\r\n\r\n",
		outcome{200, "", Chunked, 0, true, "h2c", ""}},
	{"length may not be hidden", "GET", StatusLine, "HTTP/1.1 200 OK\r\nConnection: content-length\r\nContent-Length: 3\r\n\r\n",
		outcome{200, "Content-Length: 3\n", Counted, 3, true, "", ""}},
	{"until close", "GET", StatusLine, "HTTP/1.1 200 OK\r\n\r\n",
		outcome{200, "", UntilClose, 0, false, "", ""}},
	{"1.0", "GET", StatusLine, "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n",
		outcome{200, "Content-Length: 2\n", Counted, 2, false, "", ""}},
	{"1.0 kept", "GET", StatusLine, "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\n",
		outcome{200, "Content-Length: 2\n", Counted, 2, true, "", ""}},
	{"HEAD", "HEAD", StatusLine, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n",
		outcome{200, "Content-Length: 2\n", NoBody, 2, true, "", ""}},
	{"HEAD chunked", "HEAD", StatusLine, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
		outcome{200, "", NoBody, 0, true, "", ""}},
	{"204", "GET", StatusLine, "HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n",
		outcome{204, "", NoBody, 0, true, "", ""}},
	{"304", "GET", StatusLine, "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
		outcome{304, "Content-Length: 9\n", NoBody, 9, true, "", ""}},
	{"interim", "GET", StatusLine, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nContent-Length: 4\r\n\r\n",
		outcome{103, "Link: </a>\n", NoBody, 0, true, "", ""}},
	{"101", "GET", StatusLine, "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
		outcome{101, "", NoBody, 0, true, "websocket", ""}},
	{"LF alone", "GET", StatusLine, "HTTP/1.1 200 OK\nContent-Length: 2\n\n",
		outcome{200, "Content-Length: 2\n", Counted, 2, true, "", ""}},
	{"blank before colon", "GET", StatusLine, "HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\n",
		outcome{200, "Content-Length: 2\n", Counted, 2, true, "", ""}},
	{"empty value, raw bytes", "GET", StatusLine, "HTTP/1.1 200 OK\r\nX-E:\r\nX-B: \xff\x80\r\nContent-Length: 0\r\n\r\n",
		outcome{200, "X-E: \nX-B: \xff\x80\nContent-Length: 0\n", Counted, 0, true, "", ""}},
	{"repeated field", "GET", StatusLine, "HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nSet-Cookie: b\r\nContent-Length: 0\r\n\r\n",
		outcome{200, "Set-Cookie: a\nSet-Cookie: b\nContent-Length: 0\n", Counted, 0, true, "", ""}},
	{"Status is a field over HTTP", "GET", StatusLine, "HTTP/1.1 200 OK\r\nStatus: 500\r\nContent-Length: 0\r\n\r\n",
		outcome{200, "Status: 500\nContent-Length: 0\n", Counted, 0, true, "", ""}},

	{"CGI", "GET", OrCGI, "Status: 404 Not Found\r\nContent-Type: a/b\r\n\r\n",
		outcome{404, "Content-Type: a/b\n", UntilClose, 0, false, "", ""}},
	{"CGI without a status", "GET", OrCGI, "Content-Type: a/b\nContent-Length: 3\n\n",
		outcome{200, "Content-Type: a/b\nContent-Length: 3\n", Counted, 3, false, "", ""}},
	{"CGI Location", "GET", OrCGI, "Location: /x\r\n\r\n",
		outcome{302, "Location: /x\n", UntilClose, 0, false, "", ""}},
	{"CGI Location with status", "GET", OrCGI, "Location: /x\r\nStatus: 201\r\n\r\n",
		outcome{201, "Location: /x\n", UntilClose, 0, false, "", ""}},
	{"status line over CGI", "GET", OrCGI, "HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\n",
		outcome{302, "Location: /x\n", UntilClose, 0, false, "", ""}},

	{"TE and CL", "GET", StatusLine, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", outcome{Err: "both Transfer-Encoding and Content-Length"}},
	{"TE and CL, HEAD", "HEAD", StatusLine, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", outcome{Err: "both Transfer-Encoding and Content-Length"}},
	{"two lengths", "GET", StatusLine, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", outcome{Err: "2 Content-Length fields"}},
	{"length list", "GET", StatusLine, "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\n", outcome{Err: `Content-Length is "5, 5"`}},
	{"length plus", "GET", StatusLine, "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\n", outcome{Err: `Content-Length is "+5"`}},
	{"length negative", "GET", StatusLine, "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", outcome{Err: `Content-Length is "-5"`}},
	{"length empty", "GET", StatusLine, "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n", outcome{Err: `Content-Length is ""`}},
	{"length hex", "GET", StatusLine, "HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n\r\n", outcome{Err: `Content-Length is "0x5"`}},
	{"length underscore", "GET", StatusLine, "HTTP/1.1 200 OK\r\nContent-Length: 1_0\r\n\r\n", outcome{Err: `Content-Length is "1_0"`}},
	{"length too large", "GET", StatusLine, "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775808\r\n\r\n", outcome{Err: "Content-Length is"}},
	{"other coding", "GET", StatusLine, "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", outcome{Err: `Transfer-Encoding is "gzip, chunked"`}},
	{"two codings", "GET", StatusLine, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", outcome{Err: "2 Transfer-Encoding fields"}},
	{"1.0 chunked", "GET", StatusLine, "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", outcome{Err: "is not HTTP/1.1"}},
	{"CGI chunked", "GET", OrCGI, "Status: 200\r\nTransfer-Encoding: chunked\r\n\r\n", outcome{Err: "is not HTTP/1.1"}},
	{"folded", "GET", StatusLine, "HTTP/1.1 200 OK\r\nX-A: b\r\n c\r\n\r\n", outcome{Err: "folded header line"}},
	{"NUL", "GET", StatusLine, "HTTP/1.1 200 OK\r\nX-A: a\x00b\r\n\r\n", outcome{Err: "control byte 0x00 in header X-A"}},
	{"bare CR", "GET", StatusLine, "HTTP/1.1 200 OK\r\nX-A: a\rb\r\n\r\n", outcome{Err: "control byte 0x0d in header X-A"}},
	{"no colon", "GET", StatusLine, "HTTP/1.1 200 OK\r\nX-A\r\n\r\n", outcome{Err: "without a colon"}},
	{"empty name", "GET", StatusLine, "HTTP/1.1 200 OK\r\n: a\r\n\r\n", outcome{Err: "is no name"}},
	{"blank in name", "GET", StatusLine, "HTTP/1.1 200 OK\r\nX A: a\r\n\r\n", outcome{Err: "is no name"}},
	{"status 99", "GET", StatusLine, "HTTP/1.1 099 x\r\n\r\n", outcome{Err: "status line is"}},
	{"status of two digits", "GET", StatusLine, "HTTP/1.1 20 OK\r\n\r\n", outcome{Err: "status line is"}},
	{"status of letters", "GET", StatusLine, "HTTP/1.1 2OO OK\r\n\r\n", outcome{Err: "status line is"}},
	{"status signed", "GET", StatusLine, "HTTP/1.1 +20 OK\r\n\r\n", outcome{Err: "status line is"}},
	{"HTTP/2", "GET", StatusLine, "HTTP/2 200\r\n\r\n", outcome{Err: "does not begin with HTTP/1"}},
	{"another protocol", "GET", StatusLine, "SSH-2.0-OpenSSH\r\n", outcome{Err: `does not begin with HTTP/1: "S`}},
	{"empty CGI head", "GET", OrCGI, "\r\nbody\r\n\r\n", outcome{Err: "head is empty"}},
	{"nothing", "GET", StatusLine, "", outcome{Err: "without an answer"}},
	{"cut", "GET", StatusLine, "HTTP/1.1 200 OK\r\nX-A: b\r\n", outcome{Err: "in the middle"}},
	{"too many fields", "GET", StatusLine, "HTTP/1.1 200 OK\r\n" + strings.Repeat("A: b\r\n", 501) + "\r\n", outcome{Err: "more than 500 fields"}},
	{"too large", "GET", StatusLine, "HTTP/1.1 200 OK\r\nX-Big: " + strings.Repeat("a", 70000) + "\r\n\r\n", outcome{Err: `larger than 65536 bytes; the last lines begin with "X-Big: aaa`}},
}

func TestReadHead(t *testing.T) {
	for _, c := range headCases {
		t.Run(c.name, func(t *testing.T) {
			for _, piece := range []int{0, 1, 7} {
				if piece > 0 && len(c.text) > 4096 {
					continue
				}
				var h Head
				got := outcomeOf(&h, ReadHead(serverSaying(t, c.text, piece), &h, c.method, c.style))
				if c.want.Err != "" && strings.Contains(got.Err, c.want.Err) {
					got.Err = c.want.Err
				}
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Errorf("in pieces of %d: (-want +got)\n%s", piece, diff)
				}
			}
		})
	}
}

func TestReadHead_LeavesTheBody(t *testing.T) {
	c := serverSaying(t, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", 0)
	var h Head
	for _, want := range []int{100, 200} {
		if err := ReadHead(c, &h, "POST", StatusLine); err != nil || h.Status != want {
			t.Fatalf("status %d, %v, want %d", h.Status, err, want)
		}
	}
	if got := string(c.Buffered()); got != "hi" {
		t.Errorf("left %q, want the body", got)
	}
}

func TestReadHead_KindsOfErrors(t *testing.T) {
	var bad *BadResponse
	var h Head
	if err := ReadHead(serverSaying(t, "x", 0), &h, "GET", StatusLine); !errors.As(err, &bad) {
		t.Errorf("nonsense: %v, want *BadResponse", err)
	}
	if err := ReadHead(serverSaying(t, "", 0), &h, "GET", StatusLine); !errors.Is(err, ErrNoResponse) {
		t.Errorf("nothing: %v, want ErrNoResponse", err)
	}
	if err := ReadHead(serverSaying(t, "HTTP", 0), &h, "GET", StatusLine); !errors.Is(err, ErrCut) {
		t.Errorf("a part: %v, want ErrCut", err)
	}
}
