package accesslog

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/appserve/appserve/listeners/variable"
)

// entry is a finished request of fixed values.
type entry struct {
	values            map[string]string
	total, queue, app time.Duration
}

func (e entry) AppendVariable(dst []byte, id variable.ID, argument string) []byte {
	return append(dst, e.values[id.String()+argument]...)
}

func (e entry) Finished() time.Time {
	return time.Date(2026, 11, 22, 10, 0, 5, 123456789, time.FixedZone("", 3600))
}

func (e entry) Durations() (total, queue, app time.Duration) { return e.total, e.queue, e.app }

func page() entry {
	return entry{values: map[string]string{
		"remote_addr": "127.0.0.1", "request": "GET /admin/ HTTP/1.1", "status": "302", "body_bytes_sent": "0",
		"http_Referer": `http://a/"x`, "http_User-Agent": "Mozilla/5.0 é", "method": "GET", "host": "a.example", "path": "/admin/",
		"protocol": "HTTP/1.1", "request_id": "7f3a", "site": "shop", "location": "/", "pool": "django", "worker": "0",
	}, total: 3*time.Millisecond + 250*time.Microsecond, queue: 0, app: 2 * time.Millisecond}
}

func line(t *testing.T, o Options, e Entry) string {
	t.Helper()
	var out bytes.Buffer
	o.Writer = &out
	l, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	l.Write(e)
	return out.String()
}

func TestCombined(t *testing.T) {
	want := `127.0.0.1 - - [22/Nov/2026:10:00:05 +0100] "GET /admin/ HTTP/1.1" 302 0 "http://a/\x22x" "Mozilla/5.0 \xC3\xA9"` + "\n"
	if diff := cmp.Diff(want, line(t, Options{Format: "combined"}, page())); diff != "" {
		t.Error(diff)
	}
	refused := entry{values: map[string]string{"remote_addr": "10.0.0.1", "status": "400", "body_bytes_sent": "0"}}
	want = `10.0.0.1 - - [22/Nov/2026:10:00:05 +0100] "-" 400 0 "-" "-"` + "\n"
	if diff := cmp.Diff(want, line(t, Options{Format: "combined"}, refused)); diff != "" {
		t.Error(diff)
	}
}

func TestDev(t *testing.T) {
	want := `[22/Nov 10:00:05] "GET /admin/ HTTP/1.1" 302 0 3ms django/0` + "\n"
	if diff := cmp.Diff(want, line(t, Options{Format: "dev"}, page())); diff != "" {
		t.Error(diff)
	}
	late := page()
	late.values["reason"], late.total = "request_timeout", 60*time.Second+time.Millisecond
	late.values["status"] = "504"
	want = `[22/Nov 10:00:05] "GET /admin/ HTTP/1.1" 504 0 60001ms django/0 request_timeout` + "\n"
	if diff := cmp.Diff(want, line(t, Options{Format: "dev"}, late)); diff != "" {
		t.Error(diff)
	}
	proxied := page()
	proxied.values["pool"], proxied.values["upstream"] = "", "backend"
	want = `[22/Nov 10:00:05] "GET /admin/ HTTP/1.1" 302 0 3ms backend` + "\n"
	if diff := cmp.Diff(want, line(t, Options{Format: "dev"}, proxied)); diff != "" {
		t.Error(diff)
	}
}

func TestJSON(t *testing.T) {
	e := page()
	e.queue = -1
	got := line(t, Options{Format: "json"}, e)
	want := `{"time":"2026-11-22T09:00:05.123Z","request_id":"7f3a","remote_addr":"127.0.0.1","method":"GET","host":"a.example",` +
		`"path":"/admin/","query":"","protocol":"HTTP/1.1","status":302,"bytes":0,"duration_ms":3.25,"queue_ms":null,"app_ms":2,` +
		`"site":"shop","location":"/","pool":"django","worker":"0","upstream":"","reason":"","referer":"http://a/\"x","user_agent":"Mozilla/5.0 é"}` + "\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// The operator's page promises these keys and this order.
func TestJSONKeys(t *testing.T) {
	promised := strings.Fields("time request_id remote_addr method host path query protocol status bytes duration_ms queue_ms app_ms " +
		"site location pool worker upstream reason referer user_agent")
	decoder := json.NewDecoder(strings.NewReader(line(t, Options{Format: "json"}, entry{values: map[string]string{"status": "000"}})))
	var keys []string
	for i := 0; ; i++ {
		token, err := decoder.Token()
		if err != nil {
			break
		}
		if i%2 == 1 {
			if key, ok := token.(string); ok {
				keys = append(keys, key)
			}
		}
	}
	if !slices.Equal(keys, promised) {
		t.Errorf("keys %q", keys)
	}
}

func TestJSONIsValidForEveryByte(t *testing.T) {
	var raw strings.Builder
	for b := range 256 {
		raw.WriteByte(byte(b))
	}
	e := page()
	e.values["path"] = raw.String()
	var decoded map[string]any
	got := line(t, Options{Format: "json"}, e)
	if err := json.Unmarshal([]byte(got), &decoded); err != nil {
		t.Fatalf("%v in %q", err, got)
	}
	if strings.Count(got, "\n") != 1 {
		t.Errorf("a line break of a path is in the log: %q", got)
	}
	if want := strings.ToValidUTF8(raw.String(), ""); !strings.HasPrefix(decoded["path"].(string), want[:0x80]) {
		t.Errorf("path %q", decoded["path"])
	}
}

func TestTemplate(t *testing.T) {
	template, err := variable.Compile([]variable.Part{{Variable: "status"}, {Literal: " ["}, {Variable: "reason"}, {Literal: "] "}, {Variable: "http_", Argument: "referer"}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := line(t, Options{Line: template}, page()), `302 [-] http://a/\x22x`+"\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestNewRefuses(t *testing.T) {
	for _, o := range []Options{{Format: "common"}, {}} {
		if _, err := New(o); err == nil {
			t.Errorf("%+v: no error", o)
		}
	}
}

func TestNilLogWritesNothing(t *testing.T) {
	var l *Log
	l.Write(page()) // must not panic
}

// writes counts calls of Write.
type writes int

func (w *writes) Write(p []byte) (int, error) { *w++; return len(p), nil }

func TestOneWritePerLine(t *testing.T) {
	var n writes
	l, err := New(Options{Format: "json", Writer: &n})
	if err != nil {
		t.Fatal(err)
	}
	l.Write(page())
	l.Write(page())
	if n != 2 {
		t.Errorf("%d writes for 2 lines", n)
	}
}

func BenchmarkLine(b *testing.B) {
	for _, format := range []string{"combined", "json", "dev"} {
		b.Run(format, func(b *testing.B) {
			var n writes
			l, err := New(Options{Format: format, Writer: &n})
			if err != nil {
				b.Fatal(err)
			}
			e := Entry(page())
			b.ReportAllocs()
			for b.Loop() {
				l.Write(e)
			}
		})
	}
}
