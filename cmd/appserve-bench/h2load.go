package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// runH2load loads url by HTTP/2. h2load prints no percentiles, so that they
// are taken from the file in which it notes every request.
func (l loader) runH2load(ctx context.Context, w work, url string, connections int, duration time.Duration) (load, error) {
	defer os.Remove(l.requestLog) // absent when h2load did not start
	out, err := exec.CommandContext(ctx, l.h2load,
		"--clients", strconv.Itoa(connections),
		"--max-concurrent-streams", strconv.Itoa(w.streams),
		"--threads", strconv.Itoa(min(l.threads, connections)),
		"--duration", strconv.Itoa(int(duration.Seconds())),
		"--log-file", l.requestLog,
		url).CombinedOutput()
	if err != nil {
		return load{}, fmt.Errorf("running h2load: %w: %.500s", err, out)
	}
	parsed, err := parseH2load(string(out))
	if err != nil {
		return load{}, err
	}
	times, err := os.ReadFile(l.requestLog)
	if err != nil {
		return load{}, fmt.Errorf("reading h2load's requests: %w", err)
	}
	return parsed, parsed.setPercentiles(string(times))
}

// parseH2load reads what h2load prints. It ends with 0 when nobody listens.
func parseH2load(out string) (load, error) {
	var l load
	rate := regexp.MustCompile(`finished in \S+, ([\d.]+) req/s`).FindStringSubmatch(out)
	requests := regexp.MustCompile(`requests: \d+ total, \d+ started, (\d+) done, \d+ succeeded, (\d+) failed, \d+ errored, (\d+) timeout`).FindStringSubmatch(out)
	redirects := regexp.MustCompile(`status codes: \d+ 2xx, (\d+) 3xx`).FindStringSubmatch(out)
	if rate == nil || requests == nil || redirects == nil {
		return l, fmt.Errorf("reading h2load's output: no rate, requests or status codes: %.2000s", out)
	}
	if err := setFloat(&l.rate, rate[1]); err != nil {
		return l, fmt.Errorf("reading h2load's output: the rate: %w", err)
	}
	if err := setInt(&l.requests, requests[1]); err != nil {
		return l, fmt.Errorf("reading h2load's output: the requests: %w", err)
	}
	for _, text := range []string{requests[2], requests[3], redirects[1]} {
		var n int64
		if err := setInt(&n, text); err != nil {
			return l, fmt.Errorf("reading h2load's output: the errors: %w", err)
		}
		l.errors += n
	}
	if l.requests == 0 {
		return l, fmt.Errorf("loading by h2load: not one answer: %.2000s", out)
	}
	return l, nil
}

// setPercentiles reads the lines of the file of requests: the time of the
// start, the status and the microseconds until the end, with tabs between.
func (l *load) setPercentiles(text string) error {
	var times []int64
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) != 3 {
			return fmt.Errorf("reading h2load's requests: a line %q", line)
		}
		var took int64
		if err := setInt(&took, fields[2]); err != nil {
			return fmt.Errorf("reading h2load's requests: %w", err)
		}
		times = append(times, took)
	}
	if len(times) == 0 {
		return errors.New("reading h2load's requests: there are none")
	}
	slices.Sort(times)
	l.p50 = time.Duration(times[len(times)/2]) * time.Microsecond
	l.p99 = time.Duration(times[len(times)*99/100]) * time.Microsecond
	return nil
}
