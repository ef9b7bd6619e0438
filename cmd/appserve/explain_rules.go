package main

import (
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/appserve/appserve/config"
	"github.com/appserve/appserve/listeners/exchange"
)

// ruleSection says what each rule of the location makes of the request. The
// verdicts are the server's; the texts say what they were made from.
func (e *explanation) ruleSection(r *report, l *config.Location) {
	s := r.section("rules", "")
	if e.rehearsal.entered == nil {
		s.line("max_body_size", place(l.Block, "max_body_size"), "%d bytes are more than %s", e.request.ContentLength, bytesText(l.MaxBodySize))
		s.line("", "", "here it ends: %s", e.outcome())
		e.responseHeaderLines(s, l)
		return
	}
	stopped := e.stoppedBy()
	for _, rule := range e.ruleTellers() {
		rule.tell(s, l)
		if rule.name == stopped {
			s.line("", "", "here it ends: %s", e.outcome())
			break
		}
	}
	e.responseHeaderLines(s, l)
	if len(s.Lines) == 0 {
		s.line("none", "", "")
	}
}

// ruleTeller says what one of the server's rules makes of the request.
type ruleTeller struct {
	name string
	tell func(*reportSection, *config.Location)
}

// ruleTellers are in the order of App.rules.
func (e *explanation) ruleTellers() []ruleTeller {
	return []ruleTeller{
		{"rate_limit", e.rateLimitLines},
		{"cors", e.corsLines},
		{"methods", e.methodLines},
		{"access", e.accessLines},
		{"client_certificate", e.certificateRuleLines},
		{"request_headers", e.requestHeaderLines},
		{"compress", e.compressLines},
	}
}

// stoppedBy is the rule that answered; empty when the action was reached.
func (e *explanation) stoppedBy() string {
	if e.rehearsal.arrived != nil {
		return ""
	}
	for _, rule := range e.rehearsal.app.rules() {
		if !e.rehearsal.passed[rule.name] {
			return rule.name
		}
	}
	return ""
}

func (e *explanation) rateLimitLines(s *reportSection, l *config.Location) {
	for i, limit := range l.RateLimits {
		text := fmt.Sprintf("%d in %s, %d at once", limit.Count, duration(limit.Per), limit.Burst)
		switch key := e.rehearsal.keys[i]; {
		case len(limit.Methods) > 0 && !slices.Contains(limit.Methods, e.asked.method):
			text += ": " + e.asked.method + " is not counted"
		case key == "":
			text += ": not counted, its key is empty"
		default:
			text += ": counted for " + quoted(key)
		}
		if limit.DryRun {
			text += ", and never refused (dry_run)"
		}
		s.line("rate_limit", limit.Source.String(), "%s", text)
	}
}

func (e *explanation) corsLines(s *reportSection, l *config.Location) {
	if l.CORS == nil {
		return
	}
	origin := e.request.Header.Get("Origin")
	allowed := e.rehearsal.recorder.header.Get("Access-Control-Allow-Origin")
	switch {
	case origin == "":
		s.line("cors", l.CORS.Source.String(), "no Origin: the request is not from another origin")
	case allowed == "":
		s.line("cors", l.CORS.Source.String(), "%s is not among the origins: browsers keep the answer from its pages", origin)
	case e.stoppedBy() == "cors":
		s.line("cors", l.CORS.Source.String(), "answers the preflight of %s", origin)
	default:
		s.line("cors", l.CORS.Source.String(), "%s may read the answer", origin)
	}
}

func (e *explanation) methodLines(s *reportSection, l *config.Location) {
	if len(l.Methods) > 0 {
		verdict := "is among"
		if e.stoppedBy() == "methods" {
			verdict = "is not among"
		}
		s.line("methods", place(l.Block, "methods"), "%s %s %s", e.asked.method, verdict, strings.Join(l.Methods, ", "))
	}
}

func (e *explanation) accessLines(s *reportSection, l *config.Location) {
	client, _ := netip.ParseAddr(e.rehearsal.client)
	shown := e.rehearsal.client
	if shown == "" {
		shown = "a unix socket"
	}
	for _, list := range []struct {
		name string
		set  *config.Networks
	}{{"allow", l.Allow}, {"deny", l.Deny}} {
		if list.set == nil {
			continue
		}
		verdict := "is not in"
		if networkSet(list.set).Contains(client) {
			verdict = "is in"
		}
		s.line(list.name, place(l.Block, list.name), "%s %s %s", shown, verdict, networkNames(list.set))
	}
	if l.BasicAuth == nil {
		return
	}
	text := "no password is sent"
	switch {
	case e.rehearsal.arrived != nil && e.rehearsal.arrived.remoteUser != "":
		text = "the password of " + quoted(e.rehearsal.arrived.remoteUser) + " is right"
	case e.request.Header.Get("Authorization") != "" && e.rehearsal.status == http.StatusForbidden:
		text = "the password is not looked at"
	case e.request.Header.Get("Authorization") != "":
		text = "the password is not right"
	}
	if l.Satisfy == "any" {
		text += "; address or password is enough (satisfy)"
	}
	s.line("basic_auth", l.BasicAuth.Source.String(), "%s", text)
}

func networkNames(n *config.Networks) string {
	var names []string
	for _, prefix := range n.Prefixes {
		names = append(names, prefix.String())
	}
	if n.Unix {
		names = append(names, "unix")
	}
	return strings.Join(names, ", ")
}

func (e *explanation) certificateRuleLines(s *reportSection, l *config.Location) {
	if l.ClientCertificate != "" {
		s.line("client_certificate", place(l.Block, "client_certificate"), "required; explain shows none")
	}
}

func (e *explanation) requestHeaderLines(s *reportSection, l *config.Location) {
	if l.RequestHeaders == nil {
		return
	}
	at := places(l.RequestHeaders.Places)
	for _, f := range l.RequestHeaders.Set {
		text := f.Value.Text
		if e.rehearsal.arrived != nil {
			text = e.steady(f.Name, e.rehearsal.arrived.header[f.Name])
		}
		s.line("request_headers", at, "%s: %s", f.Name, text)
	}
	for _, name := range l.RequestHeaders.Remove {
		s.line("request_headers", at, "%s is removed", name)
	}
}

func (e *explanation) compressLines(s *reportSection, l *config.Location) {
	if l.Compress == nil {
		return
	}
	accepts := strings.Join(e.request.Header.Values("Accept-Encoding"), ", ")
	if accepts == "" {
		s.line("compress", l.Compress.Source.String(), "the client accepts no coding (Accept-Encoding)")
		return
	}
	s.line("compress", l.Compress.Source.String(), "answers of %s from %d bytes on, in %s; the client accepts %s",
		someOf(l.Compress.Types), l.Compress.MinSize, strings.Join(l.Compress.Encodings, ", "), accepts)
}

// someOf is the beginning of a long list.
func someOf(list []string) string {
	const most = 3
	if len(list) <= most {
		return strings.Join(list, ", ")
	}
	return strings.Join(list[:most], ", ") + fmt.Sprintf(" and %d more types", len(list)-most)
}

// responseHeaderLines show what the headers become on an answer that has none.
func (e *explanation) responseHeaderLines(s *reportSection, l *config.Location) {
	if l.ResponseHeaders == nil {
		return
	}
	at := places(l.ResponseHeaders.Places)
	said := map[string]bool{}
	for _, list := range [][]config.HeaderField{l.ResponseHeaders.Set, l.ResponseHeaders.Default, l.ResponseHeaders.Add} {
		for _, f := range list {
			if !said[f.Name] {
				said[f.Name] = true
				s.line("response_headers", at, "%s: %s", f.Name, e.steady(f.Name, e.rehearsal.recorder.header[http.CanonicalHeaderKey(f.Name)]))
			}
		}
	}
	for _, name := range l.ResponseHeaders.Remove {
		s.line("response_headers", at, "%s is removed", name)
	}
}

func places(list []config.Source) string {
	var names []string
	for _, one := range list {
		names = append(names, one.String())
	}
	return strings.Join(names, ", ")
}

// outcome is a status and why appserve itself gives it.
func (e *explanation) outcome() string {
	text := fmt.Sprintf("%d %s", e.rehearsal.status, http.StatusText(e.rehearsal.status))
	if reason := e.rehearsal.reason; reason != "" && reason != exchange.ReasonIntercepted {
		text += ", reason " + reason
	}
	return text
}

// steady is a header's value with a request id that is the same in every run.
func (e *explanation) steady(name string, values []string) string {
	separator := ", "
	if name == "Cookie" {
		separator = "; "
	}
	text := strings.Join(values, separator)
	if e.rehearsal.id == "" {
		return text
	}
	return strings.ReplaceAll(text, e.rehearsal.id, "0123456789abcdef")
}
