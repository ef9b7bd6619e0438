package h1

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// script is a connection whose client says what stands in it, in pieces, and
// then ends its direction.
type script struct {
	says  []byte
	piece int
	heard bytes.Buffer
}

func (s *script) Read(p []byte) (int, error) {
	if len(s.says) == 0 {
		return 0, io.EOF
	}
	n := copy(p, s.says[:min(s.piece, len(s.says))])
	s.says = s.says[n:]
	return n, nil
}

func (s *script) Write(p []byte) (int, error)      { return s.heard.Write(p) }
func (s *script) Close() error                     { return nil }
func (s *script) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (s *script) RemoteAddr() net.Addr             { return &net.TCPAddr{} }
func (s *script) SetDeadline(time.Time) error      { return nil }
func (s *script) SetReadDeadline(time.Time) error  { return nil }
func (s *script) SetWriteDeadline(time.Time) error { return nil }

// message is a request as somebody understood it.
type message struct {
	method, target, host, body string
	fields                     []string // sorted
	whole                      bool     // the body came to its end
	announces                  bool     // trailers
}

func (m *message) String() string {
	return fmt.Sprintf("%s %q %q %q %q %v", m.method, m.target, m.host, m.fields, m.body, m.whole)
}

// describe reads a request to its end.
func describe(r *http.Request) message {
	body, err := io.ReadAll(r.Body)
	m := message{method: r.Method, target: r.RequestURI, host: r.Host, body: string(body), whole: err == nil}
	m.announces = r.Header["Trailer"] != nil
	if r.Method == http.MethodConnect {
		m.host = "" // net/http takes it from the target
	}
	for name, values := range r.Header {
		if name == "Trailer" || name == "Cache-Control" && r.Header["Pragma"] != nil {
			continue // net/http takes the one away and makes up the other
		}
		m.fields = append(m.fields, name+": "+strings.Join(values, "|"))
	}
	slices.Sort(m.fields)
	return m
}

// reading is what we understand of a connection.
type understood struct {
	messages []message
	refusal  *event
	answers  []byte
}

func understandAll(data []byte, piece int) understood {
	var u understood
	o := newOwner(func(w http.ResponseWriter, r *http.Request) {
		m := describe(r)
		u.messages = append(u.messages, m)
		if !m.whole {
			w.WriteHeader(http.StatusBadRequest)
		}
	})
	o.told = make(chan event, 1+len(data))
	s := &script{says: bytes.Clone(data), piece: piece}
	New(Rows{MaxHeaderSize: 4 << 10, MaxHeaderCount: 50}).NewConn(s, o).Serve()
	u.refusal, u.answers = o.refusal, s.heard.Bytes()
	return u
}

// standard is what net/http understands of the same, one message at a time.
func standard(data []byte) (messages []message, err error) {
	r := bufio.NewReader(bytes.NewReader(data))
	for {
		skipEmptyLines(r)
		request, err := http.ReadRequest(r)
		if err != nil {
			return messages, err
		}
		m := describe(request)
		messages = append(messages, m)
		if !m.whole {
			return messages, errors.New("half a body")
		}
	}
}

// skipEmptyLines does what RFC 9112, section 2.2 asks for and net/http refuses.
func skipEmptyLines(r *bufio.Reader) {
	for range emptyLines {
		if p, err := r.Peek(2); err != nil || string(p) != "\r\n" {
			return
		}
		_, _ = r.Discard(2)
	}
}

// judged are the differences to net/http that are meant: we take less.
var judged = map[string]string{
	"a line of the head ends without CR":                        "RFC 9112, section 2.2 lets a recipient take it; others do not see a line there",
	"no field name":                                             "obs-fold, which net/http joins, and names that it takes although they are none",
	"a control character in a field value":                      "net/http's server looks at it later",
	"several Host fields":                                       "net/http's server looks at it later",
	"no Host field":                                             "net/http's server looks at it later",
	"a transfer coding other than chunked":                      "net/http says the same, but overlooks the field in HTTP/1.0",
	"several Transfer-Encoding fields":                          "net/http says the same with 501",
	"Content-Length beside Transfer-Encoding":                   "RFC 9112, section 6.1: somebody may read the one, somebody the other",
	"Transfer-Encoding in HTTP/1.0":                             "RFC 9112, section 6.1: the framing is faulty",
	"no Content-Length":                                         "the same length twice; a length that nobody can mean",
	"an expectation other than 100-continue":                    "net/http's server looks at it later",
	"the Host field names another host than the request target": "net/http believes the target",
	"more field lines than max_header_count":                    "net/http has no such limit",
	"head over max_header_size":                                 "net/http's server has one of its own",
	"request line over max_header_size":                         "net/http's server has one of its own",
	"no request line":                                           "a blank or a control in the target",
	"empty lines before the request line":                       "",
	"no HTTP version in the request line":                       "",
}

// isJudged reports whether a refusal is on the list.
func isJudged(detail string) bool {
	_, ok := judged[detail]
	return ok || strings.HasPrefix(detail, "HTTP version ") // net/http leaves versions to the handler
}

// compare checks what holds for every connection: how it is cut into pieces
// does not matter; each message that we take whole net/http takes as the same;
// what it takes and we do not is on the list.
func compare(t *testing.T, data []byte) {
	ours := understandAll(data, 1<<20)
	for _, piece := range []int{1, 3} {
		again := understandAll(data, piece)
		if fmt.Sprint(again.messages) != fmt.Sprint(ours.messages) || (again.refusal == nil) != (ours.refusal == nil) ||
			again.refusal != nil && again.refusal.status != ours.refusal.status {
			t.Fatalf("in pieces of %d bytes %v, %+v; at once %v, %+v", piece, again.messages, again.refusal, ours.messages, ours.refusal)
		}
	}
	theirs, err := standard(data)
	for i, m := range ours.messages {
		if !m.whole {
			break // we have refused it, and everything behind it
		}
		if i >= len(theirs) {
			if takesMore(m) {
				return
			}
			t.Fatalf("we take %s, net/http does not: %v", &m, err)
		}
		if m.String() != theirs[i].String() {
			t.Fatalf("we take %s, net/http takes %s", &m, &theirs[i])
		}
	}
	if n := len(ours.messages); ours.refusal != nil && n < len(theirs) && !isJudged(ours.refusal.detail) {
		t.Fatalf("net/http takes %s, we refuse it: %s", &theirs[n], ours.refusal.detail)
	}
	checkAnswers(t, ours)
}

// takesMore reports the differences that are meant where we take more: a
// target is judged by who routes, and names in Trailer promise nothing to us.
func takesMore(m message) bool {
	_, err := url.ParseRequestURI(m.target)
	return err != nil || m.method == http.MethodConnect || m.announces
}

// checkAnswers reads what the client got: an answer to each message.
func checkAnswers(t *testing.T, u understood) {
	r := bufio.NewReader(bytes.NewReader(u.answers))
	n := 0
	for ; ; n++ {
		method := http.MethodGet
		if n < len(u.messages) {
			method = u.messages[n].method
		}
		response, err := http.ReadResponse(r, &http.Request{Method: method})
		if errors.Is(err, io.ErrUnexpectedEOF) && r.Buffered() == 0 {
			break
		}
		if err != nil {
			t.Fatalf("answer %d: %v in %q", n, err, u.answers)
		}
		if response.StatusCode == http.StatusContinue {
			n--
			continue
		}
		if _, err := io.Copy(io.Discard, response.Body); err != nil {
			t.Fatalf("answer %d: %v", n, err)
		}
		if method == http.MethodConnect && response.StatusCode == http.StatusOK {
			return // net/http's client takes everything behind it for a tunnel
		}
	}
	want := len(u.messages)
	if u.refusal != nil {
		want++
	}
	if n != want {
		t.Fatalf("%d answers to %d messages: %q", n, want, u.answers)
	}
}

func FuzzHead(f *testing.F) {
	for _, seed := range []string{
		"GET / HTTP/1.1\r\n" + host + "\r\n",
		"GET http://a/b?c HTTP/1.1\r\n" + host + "X-A: 1\r\nx-a:2 \r\n\r\n",
		"\r\nPOST /%41 HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 3\r\n\r\nabc",
		"GET / HTTP/1.1\r\n" + host + "X: a\r\n b\r\n\r\n",
		"GET / HTTP/1.1\n" + host + "\r\n",
		"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
		"OPTIONS * HTTP/1.1\r\nHost:\r\n\r\n",
		"CONNECT a:1 HTTP/1.1\r\n" + host + "\r\n",
		"POST / HTTP/1.1\r\n" + host + "Expect: 100-continue\r\nContent-Length: 1\r\n\r\nx",
		"GET / HTTP/1.1\r\n" + host + "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx",
		"GET / HTTP/1.2\r\n" + host + "\r\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(compare)
}

func FuzzChunks(f *testing.F) {
	for _, seed := range []string{
		"3\r\nabc\r\n0\r\n\r\n", "3;a=\"b\"\r\nabc\r\n00\r\nX: 1\r\n\r\n", "a\r\n0123456789\r\n0\r\n\r\nGET", "3 \r\nabc\r\n0\r\n\r\n",
		"3\nabc\n0\n\n", "fffffffffffffff\r\n", "1\r\nx\r\n1;a\r\ny\r\n0\r\n\r\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		compare(t, append([]byte("POST / HTTP/1.1\r\n"+host+"Transfer-Encoding: chunked\r\n\r\n"), body...))
	})
}

func FuzzPipeline(f *testing.F) {
	const get = "GET /a HTTP/1.1\r\n" + host + "\r\n"
	f.Add("POST /b HTTP/1.1\r\n"+host+"Content-Length: 3\r\n\r\nabc", get, get)
	f.Add("POST /b HTTP/1.1\r\n"+host+"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", "\r\n"+get, get)
	f.Add(get, "GET / HTTP/1.0\r\n\r\n", get)
	f.Add(get, "POST /b HTTP/1.1\r\n"+host+"Content-Length: 40\r\n\r\n", get)
	f.Fuzz(func(t *testing.T, a, b, c string) { compare(t, []byte(a+b+c)) })
}
