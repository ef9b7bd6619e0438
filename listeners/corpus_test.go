package listeners

import (
	"bufio"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"

	"github.com/appserve/appserve/listeners/exchange"
)

// corpora are the files of cases in testdata.
var corpora = []string{"http1-requests.json", "http1-llhttp.json"}

// corpusCase is a case of one of the corpora.
type corpusCase struct {
	ID         string          `json:"id"`
	Kind       string          `json:"kind"`
	Policy     string          `json:"policy"`
	Bytes      []byte          `json:"bytes_b64"`
	Options    map[string]any  `json:"options"`
	Expect     json.RawMessage `json:"expect"`
	IfAccepted []seen          `json:"if_accepted"`
	Optional   []string        `json:"optional_headers"`
	Without    string          `json:"without_option"`
	Truncated  bool            `json:"truncated"`
	MinAnswers int             `json:"min_answers"`
}

// seen is a request as the application sees it.
type seen struct {
	Method  string      `json:"method"`
	URI     string      `json:"uri"`
	Version string      `json:"version"`
	Headers [][2]string `json:"headers"`
	Body    string      `json:"body_b64"`
}

// requests are what must be accepted, in order; none when the case says nothing.
func (c *corpusCase) requests() []seen {
	if c.IfAccepted != nil {
		return c.IfAccepted
	}
	var list []seen
	if json.Unmarshal(c.Expect, &list) != nil {
		return nil
	}
	return list
}

// policy is what holds for a server without the options a case may need.
func (c *corpusCase) policy() string {
	if c.Policy != "needs-option" {
		return c.Policy
	}
	if c.Without == "" {
		return "not applicable"
	}
	return c.Without
}

// echo answers 200 with the request as JSON, after the whole body was read.
func echo(x *exchange.Exchange, r *http.Request) {
	data, file, size, ok := x.BufferBody()
	if !ok {
		return
	}
	if file != nil {
		data = make([]byte, size)
		if _, err := file.ReadAt(data, 0); err != nil {
			x.Fail(http.StatusInternalServerError, "test")
			return
		}
	}
	s := seen{Method: r.Method, URI: r.RequestURI, Version: strings.TrimPrefix(r.Proto, "HTTP/"), Body: base64.StdEncoding.EncodeToString(data)}
	for name, values := range r.Header {
		for _, v := range values {
			s.Headers = append(s.Headers, [2]string{name, latin1(v)})
		}
	}
	if r.Host != "" {
		s.Headers = append(s.Headers, [2]string{"Host", latin1(r.Host)})
	}
	s.URI = latin1(s.URI)
	answer, err := json.Marshal(s)
	if err != nil {
		x.Fail(http.StatusInternalServerError, "test")
		return
	}
	_, _ = x.Write(answer)
}

// latin1 gives one character per octet, as the corpus has it.
func latin1(s string) string {
	out := make([]rune, len(s))
	for i := range len(s) {
		out[i] = rune(s[i])
	}
	return string(out)
}

// The four ways to send a case.
const ways = 4

// pieces cuts the bytes of a case for a way of sending.
func pieces(b []byte, way int) [][]byte {
	switch way {
	case 1:
		return slices.Collect(slices.Chunk(b, 1))
	case 2:
		return [][]byte{b[:1], b[1:]}
	case 3:
		random := rand.New(rand.NewPCG(9112, uint64(len(b))))
		var cut [][]byte
		for len(b) > 0 {
			n := min(len(b), 1+random.IntN(max(1, len(b)/10)))
			cut, b = append(cut, b[:n]), b[n:]
		}
		return cut
	default:
		return [][]byte{b}
	}
}

// TestCorpus replays the request corpora. testdata/http1-known.txt names what
// we do otherwise, each case with its reason; an unlisted failure and a listed
// pass both fail.
func TestCorpus(t *testing.T) {
	cases, known := readCorpus(t), readKnown(t)
	w := start(t, at("/", echo))
	var mu sync.Mutex
	failed := map[string]string{}
	answered := map[string]string{} // the statuses of the first way that got any
	var all sync.WaitGroup
	turns := make(chan struct{}, 200)
	for _, c := range cases {
		for way := range ways {
			turns <- struct{}{}
			all.Go(func() {
				defer func() { <-turns }()
				answers, problem := w.replay(c, way)
				mu.Lock()
				defer mu.Unlock()
				if problem != "" {
					failed[c.ID] += fmt.Sprintf("\n    way %d: %s", way+1, problem)
				}
				if other := answered[c.ID]; other != "" && answers != "" && answers != other {
					failed[c.ID] += fmt.Sprintf("\n    way %d: answered%s, another way%s", way+1, answers, other)
				}
				answered[c.ID] = cmp.Or(answered[c.ID], answers)
			})
		}
	}
	all.Wait()
	report(t, cases, failed, known)
}

func report(t *testing.T, cases []*corpusCase, failed, known map[string]string) {
	ids := map[string]bool{}
	for _, c := range cases {
		ids[c.ID] = true
		_, listed := known[c.ID]
		switch {
		case failed[c.ID] != "" && !listed:
			t.Errorf("%s (%s) %q:%s", c.ID, c.policy(), shorten(c.Bytes), failed[c.ID])
		case failed[c.ID] == "" && listed:
			t.Errorf("%s passes; take it off the list of known failures", c.ID)
		}
	}
	for id := range known {
		if !ids[id] {
			t.Errorf("known failure %s is no case", id)
		}
	}
}

func shorten(b []byte) []byte { return b[:min(len(b), 120)] }

func readCorpus(t *testing.T) []*corpusCase {
	t.Helper()
	var all []*corpusCase
	for _, name := range corpora {
		text, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		var cases []*corpusCase
		if err := json.Unmarshal(text, &cases); err != nil {
			t.Fatal(err)
		}
		all = append(all, cases...)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].ID < all[j].ID })
	return all
}

// readKnown reads lines of an id, a blank, and why.
func readKnown(t *testing.T) map[string]string {
	t.Helper()
	f, err := os.Open("testdata/http1-known.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	known := map[string]string{}
	for scanner := bufio.NewScanner(f); scanner.Scan(); {
		line := strings.TrimSpace(scanner.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		id, why, _ := strings.Cut(line, " ")
		if strings.TrimSpace(why) == "" {
			t.Errorf("known failure %s has no reason", id)
		}
		known[id] = why
	}
	return known
}
