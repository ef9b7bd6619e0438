package main

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"time"
)

// loader drives wrk and h2load.
type loader struct {
	wrk        string
	h2load     string // "": not installed
	threads    int
	duration   time.Duration
	script     string // Lua that posts the upload
	requestLog string // where h2load may note its requests
}

// load is what one run of wrk or h2load saw.
type load struct {
	requests int64
	rate     float64 // per second
	p50, p99 time.Duration
	errors   int64
}

// run loads url for the time of l, or for duration when that is not 0.
func (l loader) run(ctx context.Context, w work, url string, connections int, duration time.Duration) (load, error) {
	if duration == 0 {
		duration = l.duration
	}
	if w.streams > 0 {
		return l.runH2load(ctx, w, url, connections, duration)
	}
	args := []string{
		"--latency",
		"--threads", strconv.Itoa(min(l.threads, connections)),
		"--connections", strconv.Itoa(connections),
		"--duration", strconv.Itoa(int(duration.Seconds())) + "s",
	}
	if w.upload > 0 {
		args = append(args, "--script", l.script)
	}
	if w.accept != "" {
		args = append(args, "--header", "Accept-Encoding: "+w.accept)
	}
	out, err := exec.CommandContext(ctx, l.wrk, append(args, url)...).CombinedOutput()
	if err != nil {
		return load{}, fmt.Errorf("running wrk: %w: %.500s", err, out)
	}
	return parseWrk(string(out))
}

// uploadScript makes wrk post size bytes.
func uploadScript(size int) string {
	return fmt.Sprintf("wrk.method = \"POST\"\nwrk.body = string.rep(\"x\", %d)\n"+
		"wrk.headers[\"Content-Type\"] = \"application/octet-stream\"\n", size)
}

// parseWrk reads what "wrk --latency" prints.
func parseWrk(out string) (load, error) {
	var l load
	for _, field := range []struct {
		name    string
		pattern string
		set     func([]string) error
	}{
		{"the requests", `(\d+) requests in `, func(m []string) error { return setInt(&l.requests, m[1]) }},
		{"the rate", `Requests/sec:\s+([\d.]+)`, func(m []string) error { return setFloat(&l.rate, m[1]) }},
		{"the median", `(?m)^\s+50%\s+([\d.]+)(us|ms|s|m|h)\s*$`, func(m []string) error { return setTime(&l.p50, m) }},
		{"the 99th percentile", `(?m)^\s+99%\s+([\d.]+)(us|ms|s|m|h)\s*$`, func(m []string) error { return setTime(&l.p99, m) }},
	} {
		m := regexp.MustCompile(field.pattern).FindStringSubmatch(out)
		if m == nil {
			return load{}, fmt.Errorf("reading wrk's output: no line with %s: %.500s", field.name, out)
		}
		if err := field.set(m); err != nil {
			return load{}, fmt.Errorf("reading wrk's output: %s: %w", field.name, err)
		}
	}
	return l, l.countErrors(out)
}

// countErrors adds up the lines that are there only when something failed.
func (l *load) countErrors(out string) error {
	for _, pattern := range []string{
		`Non-2xx or 3xx responses: (\d+)`,
		`Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)`,
	} {
		m := regexp.MustCompile(pattern).FindStringSubmatch(out)
		for i := 1; i < len(m); i++ {
			var n int64
			if err := setInt(&n, m[i]); err != nil {
				return fmt.Errorf("reading wrk's output: the errors: %w", err)
			}
			l.errors += n
		}
	}
	return nil
}

func setInt(target *int64, text string) (err error) {
	*target, err = strconv.ParseInt(text, 10, 64)
	return err
}

func setFloat(target *float64, text string) (err error) {
	*target, err = strconv.ParseFloat(text, 64)
	return err
}

// setTime reads a number and its unit; wrk's units are Go's.
func setTime(target *time.Duration, m []string) (err error) {
	*target, err = time.ParseDuration(m[1] + m[2])
	return err
}
