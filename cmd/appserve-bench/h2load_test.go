package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// What h2load of nghttp2 1.52 prints at its end.
const h2loadOutput = `finished in 2.00s, 81266.00 req/s, 5.35MB/s
requests: 162532 total, 162596 started, 162532 done, 162532 succeeded, 0 failed, 0 errored, 0 timeout
status codes: 162532 2xx, 0 3xx, 0 4xx, 0 5xx
traffic: 10.70MB (11215492) total, 7.44MB (7801536) headers (space savings 51.02%), 476.17KB (487596) data
                     min         max         mean         sd        +/- sd
time for request:       27us     11.07ms       499us       352us    96.40%
`

func TestParseH2load(t *testing.T) {
	got, err := parseH2load(h2loadOutput)
	if want := (load{requests: 162532, rate: 81266}); err != nil || got != want {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
	out := strings.NewReplacer("0 failed, 0 errored, 0 timeout", "5 failed, 3 errored, 20 timeout", "0 3xx", "100 3xx").Replace(h2loadOutput)
	if got, err := parseH2load(out); err != nil || got.errors != 125 {
		t.Errorf("%d errors, %v", got.errors, err)
	}
}

func TestParseH2load_RefusesWhatIsNoLoad(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"finished in", "ended in", "no rate"},
		{"requests:", "questions:", "no rate, requests"},
		{"status codes:", "codes:", "status codes"},
		{"162532 done", "0 done", "not one answer"}, // nobody listened
	} {
		_, err := parseH2load(strings.Replace(h2loadOutput, c.from, c.to, 1))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.to, err)
		}
	}
}

func TestLoad_PercentilesOfH2loadsRequests(t *testing.T) {
	var b strings.Builder
	for i := range 100 {
		b.WriteString("1795474577085053\t200\t" + strings.Repeat("1", 1+i%2) + "\n") // 1 and 11 us
	}
	b.WriteString("1795474577085054\t200\t2500\n")
	var l load
	if err := l.setPercentiles(b.String()); err != nil || l.p50 != 11*time.Microsecond || l.p99 != 11*time.Microsecond {
		t.Errorf("%v, %v, %v", l.p50, l.p99, err)
	}
	for _, text := range []string{"", "1 200\n", "1 200 x\n"} {
		if err := l.setPercentiles(text); err == nil {
			t.Errorf("%q is no list of requests", text)
		}
	}
}

func TestLoader_RunsH2loadForStreams(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, "h2load")
	script := "#!/bin/sh\necho \"$@\" >" + dir + "/args\nwhile test \"$1\" != --log-file; do shift; done\nprintf '1\\t200\\t77\\n' >\"$2\"\ncat <<'END'\n" + h2loadOutput + "END\n"
	if err := os.WriteFile(program, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	l := loader{h2load: program, threads: 2, duration: 3 * time.Second, requestLog: filepath.Join(dir, "requests")}
	got, err := l.run(context.Background(), work{streams: 4}, "https://127.0.0.1:1/", 16, 0)
	if err != nil || got.p50 != 77*time.Microsecond || got.rate != 81266 {
		t.Errorf("%+v, %v", got, err)
	}
	args, err := os.ReadFile(filepath.Join(dir, "args"))
	want := "--clients 16 --max-concurrent-streams 4 --threads 2 --duration 3 --log-file " + l.requestLog + " https://127.0.0.1:1/\n"
	if err != nil || string(args) != want {
		t.Errorf("%s, %v", args, err)
	}
	if exists(l.requestLog) {
		t.Error("the file of requests is left")
	}
}
