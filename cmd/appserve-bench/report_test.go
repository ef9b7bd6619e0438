package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// testReport is one work done by appserve and another one.
func testReport() *report {
	r := &report{
		Machine:  machine{CPU: "Abacus", CPUs: 2, Kernel: "6.1.0", Versions: map[string]string{"wrk": "4.1.0", "nginx": "1.22.1"}},
		Rounds:   1,
		Duration: "5s",
		Workers:  2,
		LeftOut:  []leftOut{{Name: "caddy", Reason: "caddy is not installed (make bench-deps)"}},
		Works: []workReport{{Name: "hello", Title: "WSGI hello", Connections: 64, Peers: []peerReport{
			{Name: "appserve", Rounds: []sample{{Rate: 30000, P50: 635, P99: 2500, CPU: 24.04, RSS: 20 * mib}}},
			{Name: "gunicorn", Rounds: []sample{{Rate: 3000, P50: 20000, P99: 123456, CPU: 240.4, Errors: 3}}},
		}}},
	}
	r.Works[0].summarize()
	return r
}

func TestReport_Table(t *testing.T) {
	var b strings.Builder
	if err := testReport().writeTable(&b); err != nil {
		t.Fatal(err)
	}
	want := `2 x Abacus, Linux 6.1.0; nginx 1.22.1, wrk 4.1.0.
1 rounds of 5s in turns, medians; 2 worker processes everywhere; keep-alive on, access logs off.
CPU: user and system time of the server's whole process tree per request. RSS: of the front alone.
The last two columns are appserve divided by that server: more is better for the rate, less for the CPU.
Left out: caddy: caddy is not installed (make bench-deps)

### WSGI hello, 64 connections

| server   | requests/s |     p50 |    p99 | CPU/request |      RSS | rate ratio | CPU ratio |
| -------- | ---------: | ------: | -----: | ----------: | -------: | ---------: | --------: |
| appserve |      30000 |  635 us | 2.5 ms |     24.0 us | 20.0 MiB |            |           |
| gunicorn |       3000 | 20.0 ms | 123 ms |      240 us |          |      10.00 |      0.10 |

gunicorn: 3 requests failed or were not answered 2xx
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReport_TableOfIdleConnections(t *testing.T) {
	w := workReport{Name: "idle10k", Title: "WSGI hello beside idle connections", Connections: 64, Peers: []peerReport{
		{Name: "appserve", Rounds: []sample{
			{Rate: 30000, CPU: 30, Idle: &idleSample{CPUAlone: 20, RSS: 7 * kib}},
			{Rate: 30000, CPU: 24, Idle: &idleSample{CPUAlone: 24, RSS: 8 * kib}},
			{Rate: 30000, CPU: 22, Idle: &idleSample{CPUAlone: 20, RSS: 9 * kib}},
		}},
	}}
	w.summarize()
	var b strings.Builder
	w.write(&b)
	want := `
The idle connections cost:

| server   | CPU/request without them | with them | ratio | RSS for each |
| -------- | -----------------------: | --------: | ----: | -----------: |
| appserve |                  20.0 us |   24.0 us |  1.10 |      8.0 KiB |
`
	if !strings.HasSuffix(b.String(), want) {
		t.Errorf("%s", b.String())
	}
}

func TestReport_JSONHoldsEveryRound(t *testing.T) {
	var b strings.Builder
	if err := testReport().writeJSON(&b); err != nil {
		t.Fatal(err)
	}
	var got report
	if err := json.Unmarshal([]byte(b.String()), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(testReport(), &got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !strings.Contains(b.String(), `"appserve_versus": {`) {
		t.Errorf("no ratios in %s", b.String())
	}
}

func TestFindVersion(t *testing.T) {
	for text, want := range map[string]string{
		"nginx version: nginx/1.22.1\n":                    "1.22.1",
		"gunicorn (version 27.0.1)\n":                      "27.0.1",
		"wrk debian/4.1.0-3+b2 [epoll] Copyright (C) 2012": "4.1.0-3+b2",
		"devel\nmore": "devel",
		"":            "",
	} {
		if got := findVersion(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
