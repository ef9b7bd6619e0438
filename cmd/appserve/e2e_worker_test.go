package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestWorker_OddApplicationsEndWithinTheirBound(t *testing.T) {
	cases := []struct {
		name, path string
		excuse     string
	}{
		{"forks a sleeper", "/fork?s=120", ""},
		{"double-forks a daemon", "/daemon?s=120", ""},
		{"closes all descriptors", "/close_descriptors", `link_closed|worker_protocol|link`},
		{"leaves a thread", "/linger?s=120", ""},
		{"ignores SIGTERM", "/deaf", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, kitchen("processes = 1"))
			if c.excuse != "" {
				s.excuse(c.excuse)
			}
			response, err := s.client.Get(s.url(c.path))
			if err == nil {
				_, _ = io.Copy(io.Discard, response.Body)
				response.Body.Close()
			}
			eventually(t, 20*time.Second, func() string {
				if status, _ := s.get("/hello"); status != http.StatusOK {
					return fmt.Sprintf("afterwards /hello answers %d", status)
				}
				return ""
			})
			began := time.Now()
			if code := s.stop(syscall.SIGTERM); code != exitStopped {
				t.Errorf("exit code %d", code)
			}
			if took := time.Since(began); took > 30*time.Second {
				t.Errorf("the stop took %s", took)
			}
		})
	}
}

func TestWorker_BodiesArriveWhole(t *testing.T) {
	t.Parallel()
	s := serve(t, kitchen("processes = 2"))
	for _, size := range []int{0, 1, 1000, 65535, 65536, 65537, 1 << 20, 16 << 20} {
		for _, chunked := range []bool{false, true} {
			body := bytes.Repeat([]byte("appserve"), size/8+1)[:size]
			var reader io.Reader = bytes.NewReader(body)
			if chunked {
				reader = io.MultiReader(reader) // hides the length
			}
			response, err := s.client.Post(s.url("/echo"), "application/octet-stream", reader)
			if err != nil {
				t.Fatal(err)
			}
			answer, err := io.ReadAll(response.Body)
			response.Body.Close()
			want := fmt.Sprintf("%d %x", size, sha256.Sum256(body))
			if err != nil || string(answer) != want {
				t.Errorf("%d bytes, chunked %v: got %q, %v", size, chunked, answer, err)
			}
		}
	}
	response, err := s.client.Post(s.url("/echo"), "text/plain", bytes.NewReader(make([]byte, 17<<20)))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("17 MiB against a limit of 16: %d", response.StatusCode)
	}
}

func TestWorker_StreamsLeaveAtOnce(t *testing.T) {
	t.Parallel()
	s := serve(t, kitchen("processes = 1"))
	response, err := s.client.Get(s.url("/stream?n=2&gate=second"))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	piece := make([]byte, 16)
	n, err := response.Body.Read(piece)
	if err != nil || string(piece[:n]) != "0\n" {
		t.Errorf("the first piece is %q, %v", piece[:n], err)
	}
	s.open("second")
	if rest, err := io.ReadAll(response.Body); err != nil || string(rest) != "1\n" {
		t.Errorf("the rest is %q, %v", rest, err)
	}
}

func TestWorker_ErrorsOfTheApplication(t *testing.T) {
	t.Parallel()
	s := serve(t, kitchen("processes = 1"))
	s.excuse(`the kitchen|application|X-Note`)
	s.expect("/fail", http.StatusInternalServerError, "")
	s.waitLog(`ValueError: the kitchen is on fire`)
	s.expect("/bad_header", http.StatusBadGateway, "")
	s.waitLog(`X-Note`)
	answer := s.exchange("GET /fail_late HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
	// The exception may overtake the head on its way to the client: then it is a 500.
	if status, _ := split(answer); status != "500" && (!strings.Contains(answer, "so far so good") || strings.HasSuffix(answer, "0\r\n\r\n")) {
		t.Errorf("an exception after the head must not look like a complete answer: %q", answer)
	}
	s.waitLog(`ValueError: the kitchen caught fire while serving`)
	s.expect("/hello", http.StatusOK, "hello\n")
	if len(s.workers()) != 1 {
		t.Error("an exception of the application must not cost the worker")
	}
}

func TestWorker_EveryByteIsRefusedOrArrives(t *testing.T) {
	s := serve(t, kitchen("processes = 1"))
	_, pid := s.get("/pid")
	for b := range 256 {
		for _, length := range []int{1, 255, 256, 8000} {
			if b == '\n' {
				continue // net/http takes a bare LF for the end of a line (listeners/testdata, known)
			}
			value := "a" + strings.Repeat(string([]byte{byte(b)}), length) + "z"
			answer := s.exchange("GET /show?key=HTTP_X_BYTES HTTP/1.1\r\nHost: x\r\nX-Bytes: " + value + "\r\nConnection: close\r\n\r\n")
			status, body := split(answer)
			switch {
			case b == '\r' || b == 0 || b < 0x20 && b != '\t' || b == 0x7f:
				if status != "400" {
					t.Fatalf("byte %#02x in a header: status %s, want 400", b, status)
				}
			case status != "200" || body != pythonRepr(value):
				t.Fatalf("byte %#02x, %d times, in a header: %s %.80q, want %.80q", b, length, status, body, pythonRepr(value))
			}
		}
		path := fmt.Sprintf("/show/a%%%02xz?key=PATH_INFO", b)
		status, body := split(s.exchange("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
		switch want := pythonRepr("/show/a" + string([]byte{byte(b)}) + "z"); {
		case b == 0:
			if status != "400" {
				t.Errorf("%%00 in a path: status %s", status)
			}
		case status != "200" || body != want:
			t.Errorf("byte %#02x in a path: %s %q, want %q", b, status, body, want)
		}
	}
	s.expect("/pid", http.StatusOK, pid)
}

// split takes status and body from a raw answer that is not chunked.
func split(answer string) (status, body string) {
	head, body, _ := strings.Cut(answer, "\r\n\r\n")
	fields := strings.Fields(head)
	if len(fields) < 2 {
		return "", ""
	}
	return fields[1], body
}

// pythonRepr is repr() of a native WSGI string: latin-1 code points, shown as UTF-8.
func pythonRepr(value string) string {
	var repr strings.Builder
	quote := "'"
	if strings.Contains(value, "'") && !strings.Contains(value, `"`) {
		quote = `"`
	}
	for _, b := range []byte(value) {
		switch {
		case b == '\\' || string(b) == quote:
			repr.WriteString("\\" + string(b))
		case b == '\t':
			repr.WriteString(`\t`)
		case b == '\n':
			repr.WriteString(`\n`)
		case b == '\r':
			repr.WriteString(`\r`)
		case b < 0x20 || b >= 0x7f && b <= 0xa0 || b == 0xad:
			fmt.Fprintf(&repr, `\x%02x`, b)
		default:
			repr.WriteRune(rune(b))
		}
	}
	return quote + repr.String() + quote
}

func TestWorker_AFloodOnStandardErrorStopsNobody(t *testing.T) {
	s := serve(t, kitchen("processes = 2"))
	load := startLoad(s, "/hello", 2, is200)
	s.expect("/shout?lines=30000", http.StatusOK, "shouted") // 3 MB
	load.mustBeClean(t)
	if load.slowest > 5*time.Second {
		t.Errorf("a request took %s beside the flood", load.slowest)
	}
}
