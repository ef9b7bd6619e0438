package pool

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/appserve/appserve/pool/link/marshal"
	"github.com/google/go-cmp/cmp"
)

func headOf(status int, headers ...string) *head {
	d := &head{status: status}
	for i := 0; i < len(headers); i += 2 {
		d.headers = append(d.headers, marshal.Header{Name: headers[i], Value: headers[i+1]})
	}
	return d
}

func TestHead_Check(t *testing.T) {
	cases := []struct {
		name   string
		head   *head
		length int64
		want   string
	}{
		{"plain", headOf(200, "Content-Type", "text/plain"), noLength, ""},
		{"length", headOf(200, "content-LENGTH", "42"), 42, ""},
		{"latin-1", headOf(200, "X-Name", "caf\xe9"), noLength, ""},
		{"tab", headOf(200, "X-Name", "a\tb"), noLength, ""},
		{"unreadable", &head{err: errors.New("too deep")}, 0, "too deep"},
		{"status 0", headOf(0), 0, "status 0"},
		{"status 101", headOf(101), 0, "status 101"},
		{"status 600", headOf(600), 0, "status 600"},
		{"no name", headOf(200, "", "x"), 0, "without a name"},
		{"space in a name", headOf(200, "X Y", "x"), 0, `header "X Y" is not a token`},
		{"colon in a name", headOf(200, "X:", "x"), 0, "not a token"},
		{"high byte in a name", headOf(200, "X\xe9", "x"), 0, "not a token"},
		{"CR", headOf(200, "X", "a\rb"), 0, `header "X" holds a line break`},
		{"LF", headOf(200, "X", "a\nSet-Cookie: b"), 0, "line break"},
		{"NUL", headOf(200, "X", "a\x00"), 0, `header "X" holds a NUL`},
		{"two lengths", headOf(200, "Content-Length", "1", "content-length", "1"), 0, "is there twice"},
		{"length in words", headOf(200, "Content-Length", "ten"), 0, "not a number"},
		{"signed length", headOf(200, "Content-Length", "+1"), 0, "not a number"},
		{"no length", headOf(200, "Content-Length", ""), 0, "not a number"},
		{"length of 20 digits", headOf(200, "Content-Length", strings.Repeat("9", 20)), 0, "too large: \"9"},
	}
	for _, c := range cases {
		length, err := c.head.check()
		if c.want == "" && (err != nil || length != c.length) {
			t.Errorf("%s: %d, %v", c.name, length, err)
		}
		if c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

func TestHead_CopyTo(t *testing.T) {
	d := headOf(200, "content-type", "text/plain", "Set-Cookie", "a=1", "set-cookie", "b=2", "Content-Length", "3",
		"Connection", "close, X-Private", "X-Private", "x", "Keep-Alive", "5", "Transfer-Encoding", "chunked",
		"TE", "x", "Trailer", "X", "Upgrade", "h2c", "Proxy-Authenticate", "x")
	got := http.Header{}
	d.copyTo(got)
	want := http.Header{
		"Content-Type": {"text/plain"}, "Set-Cookie": {"a=1", "b=2"}, "Content-Length": {"3"}, "Connection": {"close"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestHead_CopyInfo(t *testing.T) {
	h := http.Header{}
	names, err := headOf(103, "Link", "</a>; rel=preload", "link", "</b>; rel=preload").copyInfo(h)
	if err != nil || len(names) != 2 || len(h["Link"]) != 2 {
		t.Errorf("%v, %v, %v", names, h, err)
	}
	if _, err := headOf(103, "Link", "a\r\nb").copyInfo(http.Header{}); err == nil {
		t.Error("a line break passed")
	}
}
