package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A comparison of two servers that are this test binary, with a wrk that only
// prints.
func TestBench_RunsTheServersInTurns(t *testing.T) {
	b := testBench(t, "#!/bin/sh\ncat <<'END'\n"+wrkOutput+"END\n")
	if err := b.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	var turns []string
	for line := range strings.Lines(b.progress.(*strings.Builder).String()) {
		if before, _, ok := strings.Cut(line, ": 30123/s"); ok {
			turns = append(turns, before)
		}
	}
	want := "hello, round 1: appserve; hello, round 1: other; hello, round 2: other; hello, round 2: appserve"
	if got := strings.Join(turns, "; "); got != want {
		t.Errorf("turns %s", got)
	}
	w := b.report.Works[0]
	if len(w.Peers) != 2 || w.Connections != 64 || w.Peers[1].Versus.Rate != 1 {
		t.Fatalf("%+v", w)
	}
	if m := w.Peers[0].Median; m.Rate != 30122.69 || m.P50 != 635.91 || m.P99 != 1_020_000 {
		t.Errorf("%+v", m)
	}
}

func TestBench_AServerThatDoesNotStartIsNamedAndLeftOut(t *testing.T) {
	b := testBench(t, "#!/bin/sh\ncat <<'END'\n"+wrkOutput+"END\n")
	b.peers[1].plan = func(*setup) ([]command, error) {
		return []command{{name: "broken", argv: []string{"/bin/false"}}}, nil
	}
	if err := b.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := b.report.LeftOut; len(left) != 1 || left[0].Name != "other for hello" {
		t.Errorf("left out: %+v", left)
	}
	if len(b.report.Works[0].Peers) != 1 {
		t.Errorf("%+v", b.report.Works[0])
	}
}

func TestBench_AFailingLoadIsNamedAndLeftOut(t *testing.T) {
	b := testBench(t, "#!/bin/sh\necho unable to connect\nexit 1\n")
	if err := b.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	left := b.report.LeftOut
	if len(left) != 2 || left[1] != (leftOut{Name: "other for hello", Reason: "running wrk: exit status 1: unable to connect\n"}) {
		t.Errorf("%+v", left)
	}
	if w := b.report.Works[0]; len(w.Peers) != 0 {
		t.Errorf("%+v", w)
	}
}

func TestBench_ALoadWithoutAnswersIsNoMeasurement(t *testing.T) {
	silent := strings.NewReplacer("150911 requests", "0 requests", "30122.69", "0.00").Replace(wrkOutput)
	b := testBench(t, "#!/bin/sh\ncat <<'END'\n"+silent+"END\n")
	if err := b.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	left := b.report.LeftOut
	if len(left) != 2 || left[0].Name != "appserve for hello" || !strings.HasPrefix(left[0].Reason, "not one request was answered") {
		t.Errorf("%+v", left)
	}
}

func TestBench_EndsWhenItIsInterrupted(t *testing.T) {
	b := testBench(t, "#!/bin/sh\nexec sleep 60\n")
	ctx, cancel := context.WithCancel(t.Context())
	b.peers[0].plan = func(s *setup) ([]command, error) {
		time.AfterFunc(100*time.Millisecond, cancel)
		return planSelf(s)
	}
	if err := b.run(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// testBench compares this test binary with itself in the work "hello".
func testBench(t *testing.T, wrk string) *bench {
	t.Helper()
	works, err := chooseWorks([]string{"hello"})
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{
		options:  options{rounds: 2, connections: 64, workers: 2},
		works:    works,
		peers:    []peer{{name: reference, sites: sites(), plan: planSelf}, {name: "other", sites: sites(), plan: planSelf}},
		dir:      t.TempDir(),
		progress: &strings.Builder{},
	}
	program := filepath.Join(t.TempDir(), "wrk")
	if err := os.WriteFile(program, []byte(wrk), 0o755); err != nil {
		t.Fatal(err)
	}
	b.meter = meter{connections: 64, loader: loader{wrk: program, threads: 1, duration: time.Second}}
	return b
}
