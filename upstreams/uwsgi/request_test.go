package uwsgi

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// decode reads a packet as a server does. It refuses a variable that comes twice.
func decode(packet []byte) (map[string]string, error) {
	if len(packet) < headerSize || packet[0] != 0 || packet[3] != 0 {
		return nil, fmt.Errorf("bad packet header %v", packet[:min(len(packet), headerSize)])
	}
	vars := packet[headerSize:]
	if size := int(binary.LittleEndian.Uint16(packet[1:])); size != len(vars) {
		return nil, fmt.Errorf("size %d, but %d bytes follow", size, len(vars))
	}
	next := func() (string, error) {
		if len(vars) < 2 {
			return "", errors.New("a size is cut")
		}
		size := int(binary.LittleEndian.Uint16(vars))
		if vars = vars[2:]; len(vars) < size {
			return "", errors.New("a string is cut")
		}
		s := string(vars[:size])
		vars = vars[size:]
		return s, nil
	}
	out := map[string]string{}
	for len(vars) > 0 {
		name, err := next()
		if err != nil {
			return nil, err
		}
		value, err := next()
		if err != nil {
			return nil, err
		}
		if _, twice := out[name]; twice {
			return nil, fmt.Errorf("%s comes twice", name)
		}
		out[name] = value
	}
	return out, nil
}

func TestAppendRequest_Variables(t *testing.T) {
	r := Request{
		Method: "POST", ScriptName: "/app", PathInfo: "/é x", Query: "a=1&b", URI: "/app/%C3%A9%20x?a=1&b",
		Protocol: "HTTP/1.1", Scheme: "https", Host: "example.com:8443", ServerName: "example.com", ServerPort: "8443",
		RemoteAddr: "192.0.2.7", RemotePort: "4711", RemoteUser: "alice", Prefix: "/app", Length: 5,
		Header: http.Header{
			"Content-Type": {"text/plain"}, "Content-Length": {"5"}, "Accept": {"a", "b"}, "Cookie": {"c=1", "d=2"},
			"X-Request-Id": {"r1"}, "Proxy": {"evil"}, "Connection": {"x"}, "X_Under": {"x"}, "Transfer-Encoding": {"chunked"},
			"X-Forwarded-Prefix": {"/evil"}, "Expect": {"100-continue"},
		},
	}
	packet, err := AppendRequest([]byte("before"), &r)
	if err != nil {
		t.Fatal(err)
	}
	got, err := decode(packet[len("before"):])
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"REQUEST_METHOD": "POST", "SCRIPT_NAME": "/app", "PATH_INFO": "/é x", "QUERY_STRING": "a=1&b",
		"REQUEST_URI": "/app/%C3%A9%20x?a=1&b", "SERVER_PROTOCOL": "HTTP/1.1", "REQUEST_SCHEME": "https", "HTTPS": "on",
		"HTTP_HOST": "example.com:8443", "SERVER_NAME": "example.com", "SERVER_PORT": "8443",
		"REMOTE_USER": "alice", "AUTH_TYPE": "Basic",
		"REMOTE_ADDR": "192.0.2.7", "REMOTE_PORT": "4711", "CONTENT_TYPE": "text/plain", "CONTENT_LENGTH": "5",
		"HTTP_ACCEPT": "a,b", "HTTP_COOKIE": "c=1; d=2", "HTTP_X_REQUEST_ID": "r1", "HTTP_X_FORWARDED_PREFIX": "/app",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestAppendRequest_WithoutABody(t *testing.T) {
	for method, want := range map[string]string{"GET": "", "DELETE": "", "POST": "0"} {
		packet, err := AppendRequest(nil, &Request{Method: method, Scheme: "http"})
		if err != nil {
			t.Fatal(err)
		}
		vars, err := decode(packet)
		if err != nil {
			t.Fatal(err)
		}
		if _, https := vars["HTTPS"]; https || vars["CONTENT_LENGTH"] != want {
			t.Errorf("%s: CONTENT_LENGTH %q, want %q; HTTPS %v", method, vars["CONTENT_LENGTH"], want, https)
		}
	}
}

func TestAppendRequest_Limit(t *testing.T) {
	r := Request{Method: "GET", Header: http.Header{}}
	packet, err := AppendRequest(nil, &r)
	if err != nil {
		t.Fatal(err)
	}
	room := MaxVars - (len(packet) - headerSize) - len("HTTP_X") - 4
	r.Header["X"] = []string{strings.Repeat("a", room)}
	if packet, err = AppendRequest(nil, &r); err != nil || len(packet) != headerSize+MaxVars {
		t.Errorf("a full packet: %d bytes, %v", len(packet), err)
	}
	r.Header["X"][0] += "a"
	if packet, err = AppendRequest([]byte("b"), &r); !errors.Is(err, ErrTooLarge) || string(packet) != "b" {
		t.Errorf("one more byte: %d bytes, %v, want ErrTooLarge", len(packet), err)
	}
}

// FuzzAppendRequest checks that a server reads what was meant, whatever the strings hold.
func FuzzAppendRequest(f *testing.F) {
	f.Add("GET", "/", "q=1", "X-A", "1", "2")
	f.Add("P\x00", "\xff\xff", "", "Cookie", "a=b", "")
	f.Fuzz(func(t *testing.T, method, path, query, name, first, second string) {
		r := Request{Method: method, PathInfo: path, Query: query, URI: path + "?" + query,
			Header: http.Header{http.CanonicalHeaderKey(name): {first, second}}}
		packet, err := AppendRequest(nil, &r)
		if err != nil {
			if size := len(method) + 2*len(path) + 2*len(query) + len(name) + len(first) + len(second); size < MaxVars/2 {
				t.Fatalf("%d bytes were refused: %v", size, err)
			}
			return
		}
		vars, err := decode(packet)
		if err != nil {
			t.Fatal(err)
		}
		if vars["REQUEST_METHOD"] != method || vars["PATH_INFO"] != path || vars["QUERY_STRING"] != query {
			t.Errorf("read back %q", vars)
		}
	})
}
