package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/appserve/appserve/config"
)

// limitSection lists the limits and timeouts that hold for the request.
func (e *explanation) limitSection(r *report) {
	s := r.section("limits and timeouts", "")
	b := e.listener.Block
	s.line("header_timeout", place(b, "header_timeout"), "%s for the whole head", duration(e.listener.HeaderTimeout))
	s.line("max_header_size", place(b, "max_header_size"), "%s", bytesText(e.listener.MaxHeaderSize))
	s.line("max_header_count", place(b, "max_header_count"), "%d", e.listener.MaxHeaderCount)
	s.line("body_timeout", place(b, "body_timeout"), "%s between two pieces of the body", duration(e.listener.BodyTimeout))
	s.line("min_rate", place(b, "min_rate"), "%s", limited(e.listener.MinRate == 0, bytesText(e.listener.MinRate)+" in a second"))
	s.line("send_timeout", place(b, "send_timeout"), "%s between two pieces of the answer", duration(e.listener.SendTimeout))
	s.line("keepalive_timeout", place(b, "keepalive_timeout"), "%s until the next request", duration(e.listener.KeepaliveTimeout))
	l := e.location
	if l == nil {
		return
	}
	s.line("max_body_size", place(l.Block, "max_body_size"), "%s", limited(l.MaxBodySize == 0, bytesText(l.MaxBodySize)))
	target := l.Pass
	if target == nil && l.Static != nil {
		target = l.Static.Fallback
	}
	if target != nil {
		e.targetLimits(s, l, target)
	}
}

func (e *explanation) targetLimits(s *reportSection, l *config.Location, target *config.Target) {
	for _, p := range e.config.Pools {
		if target.Kind != "pool" || p.Name != target.Name {
			continue
		}
		at, timeout := place(p.Block, "request_timeout"), p.RequestTimeout
		if l.RequestTimeout != nil {
			at, timeout = place(l.Block, "request_timeout"), *l.RequestTimeout
		}
		s.line("request_timeout", at, "%s", limited(timeout == 0, duration(timeout)+" of silence"))
		s.line("queue", p.Source.String(), "%d may wait, %s at most", p.QueueSize, duration(p.QueueTimeout))
	}
	for _, u := range e.config.Upstreams {
		if target.Kind != "upstream" || u.Name != target.Name {
			continue
		}
		s.line("connect_timeout", place(u.Block, "connect_timeout"), "%s", duration(u.ConnectTimeout))
		at, timeout := "default", time.Minute
		if l.RequestTimeout != nil {
			at, timeout = place(l.Block, "request_timeout"), *l.RequestTimeout
		}
		if u.ReadTimeout != nil {
			at, timeout = place(u.Block, "read_timeout"), *u.ReadTimeout
		}
		s.line("read_timeout", at, "%s", limited(timeout == 0, duration(timeout)+" between two reads"))
		s.line("send_timeout", place(u.Block, "send_timeout"), "%s between two writes to the server", duration(u.SendTimeout))
	}
}

// limited is a limit in words, or that there is none.
func limited(none bool, text string) string {
	if none {
		return "no limit"
	}
	return text
}

// duration is a duration without the zeros at its end: 1m, 75s.
func duration(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// bytesText is a size in the largest unit that divides it.
func bytesText(n int64) string {
	for _, unit := range []struct {
		name  string
		scale int64
	}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}} {
		if n != 0 && n%unit.scale == 0 {
			return fmt.Sprintf("%d %s", n/unit.scale, unit.name)
		}
	}
	return fmt.Sprintf("%d bytes", n)
}
