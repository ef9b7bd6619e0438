package main

import (
	"strings"
	"testing"
	"time"
)

// What wrk 4.1.0 prints; it fills short units up with a space.
const wrkOutput = `Running 5s test @ http://127.0.0.1:8000/
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     2.06ms    1.31ms  21.84ms   78.45%
    Req/Sec    30.31k     3.42k   37.53k    72.00%
  Latency Distribution
     50%  635.91us
     75%    2.68ms
     90%    3.83ms
     99%    1.02s 
  150911 requests in 5.01s, 21.44MB read
Requests/sec:  30122.69
Transfer/sec:      4.28MB
`

func TestParseWrk(t *testing.T) {
	got, err := parseWrk(wrkOutput)
	want := load{requests: 150911, rate: 30122.69, p50: 635910, p99: 1020 * time.Millisecond}
	if err != nil || got != want {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
}

func TestParseWrk_CountsWhatFailed(t *testing.T) {
	out := strings.Replace(wrkOutput, "Requests/sec", "  Socket errors: connect 1, read 20, write 300, timeout 4000\n"+
		"  Non-2xx or 3xx responses: 50000\nRequests/sec", 1)
	got, err := parseWrk(out)
	if err != nil || got.errors != 54321 {
		t.Errorf("%d errors, %v", got.errors, err)
	}
}

func TestParseWrk_RefusesWhatIsIncomplete(t *testing.T) {
	for line, want := range map[string]string{
		"150911 requests in": "the requests",
		"Requests/sec:":      "the rate",
		"     50%":           "the median",
		"     99%":           "the 99th percentile",
	} {
		_, err := parseWrk(strings.Replace(wrkOutput, line, "nothing", 1))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("without %q: %v", line, err)
		}
	}
}
