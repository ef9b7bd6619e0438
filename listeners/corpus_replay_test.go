package listeners

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"time"
)

const (
	settle = 500 * time.Millisecond // how long to look for one answer too many
	bound  = 10 * time.Second       // what "closed" and "no hang" mean, once all was sent
	busy   = 60 * time.Second       // how long sending may take on a machine with other things to do
)

// outcome is what a server did with a case.
type outcome struct {
	answers []reply
	closed  bool
}

type reply struct {
	status int
	body   []byte
}

// replay sends a case one way, and gives the statuses of the outcome and what
// is wrong with it.
func (w *world) replay(c *corpusCase, way int) (answers, problem string) {
	conn, err := net.Dial("tcp", w.addr)
	if err != nil {
		return "", err.Error()
	}
	defer conn.Close()
	sent := make(chan struct{})
	go func() {
		send(conn, c, way)
		close(sent)
		_ = conn.SetReadDeadline(time.Now().Add(bound))
	}()
	got := listen(conn, c, sent)
	conn.Close()
	<-sent
	return statuses(got), judge(c, got)
}

// send writes the pieces of a case; a truncated one ends with a half-close.
func send(conn net.Conn, c *corpusCase, way int) {
	for i, piece := range pieces(c.Bytes, way) {
		if i > 0 && way >= 2 {
			time.Sleep(2 * time.Millisecond) // so that the pieces arrive apart
		}
		if _, err := conn.Write(piece); err != nil {
			return
		}
	}
	if c.Truncated {
		time.Sleep(settle) // the corpus asks for it
		_ = conn.(*net.TCPConn).CloseWrite()
	}
}

// listen reads answers until the server closes or nothing more can come.
func listen(conn net.Conn, c *corpusCase, sent <-chan struct{}) outcome {
	var got outcome
	expected := c.requests()
	r := bufio.NewReader(conn)
	for {
		_ = conn.SetReadDeadline(time.Now().Add(busy))
		select {
		case <-sent:
			_ = conn.SetReadDeadline(time.Now().Add(bound))
		default:
		}
		if len(got.answers) > 0 {
			<-sent
			if len(got.answers) >= max(1, len(expected)) && got.answers[len(got.answers)-1].status < 400 {
				_ = conn.SetReadDeadline(time.Now().Add(settle))
			}
		}
		method := http.MethodGet
		if i := len(got.answers); i < len(expected) {
			method = expected[i].Method
		}
		response, err := http.ReadResponse(r, &http.Request{Method: method})
		if err == nil && response.StatusCode < 200 {
			continue
		}
		var body []byte
		if err == nil {
			body, err = io.ReadAll(response.Body)
		}
		if err != nil {
			got.closed = errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET)
			if !got.closed && !errors.Is(err, os.ErrDeadlineExceeded) {
				got.answers = append(got.answers, reply{body: []byte(err.Error())})
			}
			return got
		}
		got.answers = append(got.answers, reply{response.StatusCode, body})
	}
}

func judge(c *corpusCase, got outcome) string {
	switch c.policy() {
	case "must-accept":
		return judgeAccept(c, got)
	case "must-reject":
		return judgeReject(got, 0)
	case "may-reject":
		if accepted := judgeAccept(c, got); accepted != "" {
			return judgeMayReject(c, got, accepted)
		}
	}
	return ""
}

// judgeMayReject allows one refusal after any number of good answers.
func judgeMayReject(c *corpusCase, got outcome, accepted string) string {
	good := 0
	for good < len(got.answers) && got.answers[good].status/100 == 2 {
		good++
	}
	for i := range min(good, len(c.requests())) {
		if problem := compare(c, c.requests()[i], got.answers[i]); problem != "" {
			return problem
		}
	}
	if rejected := judgeReject(got, good); rejected != "" {
		return "neither accepted (" + accepted + ") nor rejected (" + rejected + ")"
	}
	return ""
}

func judgeReject(got outcome, after int) string {
	refusals := got.answers[after:]
	switch {
	case len(refusals) > 1:
		return fmt.Sprintf("%d answers", len(refusals))
	case len(refusals) == 1 && refusals[0].status < 400:
		return fmt.Sprintf("accepted with %d %s", refusals[0].status, shorten(refusals[0].body))
	case !got.closed:
		return "not closed"
	}
	return ""
}

func judgeAccept(c *corpusCase, got outcome) string {
	expected := c.requests()
	n := len(got.answers)
	if c.Truncated && n == len(expected) && n > 0 && got.answers[n-1].status >= 400 {
		expected = expected[:n-1] // the incomplete one may be refused
		n--
	} else if c.Truncated && n == len(expected)+1 && got.answers[n-1].status >= 400 {
		n-- // or it is not among those that are expected
	}
	enough := n == len(expected) || c.MinAnswers > 0 && n >= c.MinAnswers && n <= len(expected) && got.closed
	if expected == nil {
		enough = n > 0
	}
	if !enough {
		return fmt.Sprintf("%d answers for %d requests%s", len(got.answers), len(expected), statuses(got))
	}
	for i := range n {
		if got.answers[i].status/100 != 2 {
			return fmt.Sprintf("answer %d: status %d", i+1, got.answers[i].status)
		}
		if i < len(expected) {
			if problem := compare(c, expected[i], got.answers[i]); problem != "" {
				return problem
			}
		}
	}
	if len(expected) > 0 && ends(expected[len(expected)-1]) && !got.closed {
		return "not closed after the last request"
	}
	return ""
}

func statuses(got outcome) string {
	var b strings.Builder
	for _, a := range got.answers {
		fmt.Fprintf(&b, " %d", a.status)
	}
	return b.String()
}

// ends reports whether a request asks for its connection to be closed.
func ends(s seen) bool {
	connection := ""
	for _, h := range s.Headers {
		if strings.EqualFold(h[0], "connection") {
			connection += "," + strings.ToLower(h[1])
		}
	}
	return strings.Contains(connection, "close") || s.Version == "1.0" && !strings.Contains(connection, "keep-alive")
}

// compare checks what the application saw.
func compare(c *corpusCase, want seen, answer reply) string {
	if want.Method == http.MethodHead || want.URI == "*" {
		return "" // no content; or answered by the server itself, which it may
	}
	var got seen
	if err := json.Unmarshal(answer.body, &got); err != nil {
		return fmt.Sprintf("answer %q: %v", shorten(answer.body), err)
	}
	switch {
	case got.Method != want.Method && !(c.Options["casefold_http_method"] == true && strings.EqualFold(got.Method, want.Method)):
		return fmt.Sprintf("method %q, want %q", got.Method, want.Method)
	case got.URI != want.URI && !strings.HasSuffix(want.URI, got.URI):
		return fmt.Sprintf("target %q, want %q", got.URI, want.URI)
	case got.Version != want.Version:
		return fmt.Sprintf("version %q, want %q", got.Version, want.Version)
	case got.Body != want.Body:
		return fmt.Sprintf("body %q, want %q", got.Body, want.Body)
	}
	return compareHeaders(c, fields(want.Headers), fields(got.Headers))
}

func compareHeaders(c *corpusCase, want, got map[string]string) string {
	for name, value := range want {
		if _, sent := got[name]; !sent && optional(c, name) {
			continue
		}
		if got[name] != value {
			return fmt.Sprintf("field %s %q, want %q", name, got[name], value)
		}
	}
	for name := range got {
		if _, wanted := want[name]; !wanted {
			return fmt.Sprintf("field %s %q, which was not sent", name, got[name])
		}
	}
	return ""
}

func optional(c *corpusCase, name string) bool {
	for _, o := range c.Optional {
		if strings.EqualFold(o, name) {
			return true
		}
	}
	return strings.ContainsAny(name, "_.") // language, section 8: always deleted
}

// fields joins repeated lines and leaves out what ends at a connection, and what we set.
func fields(lines [][2]string) map[string]string {
	all := map[string]string{}
	for _, line := range lines {
		name, value := strings.ToUpper(line[0]), strings.Trim(line[1], " \t")
		switch name {
		case "CONNECTION", "KEEP-ALIVE", "UPGRADE", "TE", "TRAILER", "TRANSFER-ENCODING", "CONTENT-LENGTH", "EXPECT",
			"HTTP2-SETTINGS", "X-REAL-IP", "X-REQUEST-ID", "PROXY", "FORWARDED":
			continue
		}
		if strings.HasPrefix(name, "X-FORWARDED-") || strings.HasPrefix(name, "PROXY-") {
			continue
		}
		if before, ok := all[name]; ok {
			value = before + "," + value
		}
		all[name] = value
	}
	return all
}
