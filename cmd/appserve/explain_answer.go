package main

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/appserve/appserve/config"
	"github.com/appserve/appserve/listeners"
	"github.com/appserve/appserve/listeners/glob"
)

// answerSection says who answers, and what when it is known.
func (e *explanation) answerSection(r *report) {
	if e.malformed != nil {
		r.Status, r.Reason = e.malformed.Status, listeners.ReasonFor(e.malformed.Status)
		r.section("answer", "").line("status", "", "%d %s, reason %s", r.Status, http.StatusText(r.Status), r.Reason)
		return
	}
	l := e.location
	title, at := "answer", ""
	if e.rehearsal.arrived != nil {
		switch {
		case l.Pass != nil:
			s := r.section("answer: "+l.Pass.Kind+" "+quoted(l.Pass.Name), place(l.Block, "pass"))
			e.targetLines(s, l.Pass)
			return
		case l.Redirect != nil:
			at = l.Redirect.Source.String()
		case l.Respond != nil:
			at = l.Respond.Source.String()
		case l.Static != nil:
			title, at = "answer: files", l.Static.Source.String()
		}
	}
	s := r.section(title, at)
	if title == "answer: files" {
		e.fileLines(s, l.Static)
		if !e.rehearsal.found {
			return
		}
	}
	r.Status, r.Reason = e.rehearsal.status, e.rehearsal.reason
	s.line("status", "", "%s", e.outcome())
	header := e.rehearsal.recorder.header
	for _, name := range slices.Sorted(maps.Keys(header)) {
		if values := header[name]; len(values) > 0 && name != "Content-Length" && name != "Connection" {
			s.line(name, "", "%s", e.steady(name, values))
		}
	}
	if page := e.errorPage(); page != nil {
		s.line("error_page "+quoted(page.Name), page.Source.String(), "%s", pageContent(page))
	}
}

// errorPage is the page of ours that the answer has; nil: the built-in one.
func (e *explanation) errorPage() *config.ErrorPage {
	if e.rehearsal.reason == "" || e.site == nil {
		return nil
	}
	pages := e.site.Defaults.ErrorPages
	if e.location != nil {
		pages = e.location.ErrorPages
	}
	status := strconv.Itoa(e.rehearsal.status)
	for _, label := range []string{status, status[:1] + "xx"} {
		for _, page := range pages {
			if page.Name == label {
				return page
			}
		}
	}
	return nil
}

func pageContent(page *config.ErrorPage) string {
	switch {
	case page.File != "":
		return page.File
	case page.Body.Text != "":
		return "its body"
	}
	return "the built-in page"
}

// targetLines say what a pool runs or where an upstream is.
func (e *explanation) targetLines(s *reportSection, t *config.Target) {
	for _, p := range e.config.Pools {
		if t.Kind == "pool" && p.Name == t.Name {
			s.line("app", place(p.Block, "app"), "%s in %s", p.App, p.Chdir)
			s.line("workers", p.Source.String(), "%s x %s", count(p.Processes, "process", "processes"), count(p.Threads, "thread", "threads"))
		}
	}
	for _, u := range e.config.Upstreams {
		if t.Kind == "upstream" && u.Name == t.Name {
			for _, server := range u.Servers {
				s.line("server "+quoted(server.Name), server.Source.String(), "%s by %s", server.Address.Text, u.Protocol)
			}
		}
	}
}

// fileLines say which files are looked for, and which of them are there.
func (e *explanation) fileLines(s *reportSection, static *config.Static) {
	if static.File != "" {
		s.line("file", place(static.Block, "file"), "%s%s", static.File, e.thereOrNot(static, static.File))
		return
	}
	rest := e.rehearsal.arrived.rest
	for _, candidate := range static.Try {
		var name strings.Builder
		for _, part := range candidate.Parts {
			if part.Variable == "rest" {
				name.WriteString(rest)
			} else {
				name.WriteString(part.Literal)
			}
		}
		path := filepath.Join(static.Directory, name.String())
		if strings.HasSuffix(name.String(), "/") || name.String() == "" {
			for _, index := range static.Index {
				s.line("try", place(static.Block, "index"), "%s%s", filepath.Join(path, index), e.thereOrNot(static, filepath.Join(path, index)))
			}
			continue
		}
		s.line("try", place(static.Block, "try"), "%s%s", path, e.thereOrNot(static, path))
	}
	longest := (*config.StaticFiles)(nil)
	for _, files := range static.Files {
		if pattern, err := glob.Compile(files.Name); err == nil && pattern.Match(strings.TrimPrefix(rest, "/")) && (longest == nil || len(files.Name) > len(longest.Name)) {
			longest = files
		}
	}
	if longest != nil {
		text := "its rules hold"
		if longest.Deny {
			text = "is refused with 403"
		}
		s.line("files "+quoted(longest.Name), longest.Source.String(), "%s", text)
	}
	if static.Fallback != nil {
		s.line("fallback", place(static.Block, "fallback"), "%s.%s takes a miss, and every method but GET and HEAD", static.Fallback.Kind, static.Fallback.Name)
	}
}

// thereOrNot says whether a file is there now, for a static block.
func (e *explanation) thereOrNot(static *config.Static, path string) string {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return ", not there"
	case static.Directory != "" && !static.Dotfiles && hidden(static.Directory, path):
		return ", hidden (dotfiles = false)"
	case static.Directory != "" && linked(static, path):
		return fmt.Sprintf(", behind a link (symlinks = %q)", static.Symlinks)
	case info.IsDir():
		return ", a folder"
	}
	return fmt.Sprintf(", there (%s)", count(int(info.Size()), "byte", "bytes"))
}

// hidden reports whether a name beneath the folder begins with a dot.
func hidden(folder, path string) bool {
	for name := range strings.SplitSeq(strings.TrimPrefix(path, folder), "/") {
		if strings.HasPrefix(name, ".") && name != ".well-known" {
			return true
		}
	}
	return false
}

// linked reports whether a link that the block does not follow leads to a file.
func linked(static *config.Static, path string) bool {
	folder, err := filepath.EvalSymlinks(static.Directory)
	if err != nil || static.Symlinks == "follow" {
		return false
	}
	real, err := filepath.EvalSymlinks(path)
	if static.Symlinks == "none" {
		return err != nil || real != filepath.Join(folder, strings.TrimPrefix(path, static.Directory))
	}
	return err != nil || !strings.HasPrefix(real, strings.TrimSuffix(folder, "/")+"/")
}

// applicationSection is what a pool or an upstream gets to see.
func (e *explanation) applicationSection(r *report, l *config.Location) {
	a := e.rehearsal.arrived
	target := l.Pass
	if target == nil && l.Static != nil {
		target = l.Static.Fallback
	}
	if a == nil || target == nil || e.rehearsal.found {
		return
	}
	title := "the application gets"
	if target.Kind == "upstream" {
		title = "the upstream gets"
	}
	s := r.section(title, "")
	if target.Kind == "upstream" {
		s.line("request", "", "%s %s", e.asked.method, a.upstreamTarget)
		s.line("Host", "", "%s", a.host)
		if a.prefix != "" {
			s.line("X-Forwarded-Prefix", "", "%s", a.prefix)
		}
	} else {
		for _, pair := range [][2]string{
			{"REQUEST_METHOD", e.asked.method}, {"SCRIPT_NAME", a.scriptName}, {"PATH_INFO", a.pathInfo}, {"QUERY_STRING", a.query},
			{"wsgi.url_scheme", a.scheme}, {"SERVER_NAME", a.serverName}, {"SERVER_PORT", a.serverPort}, {"REMOTE_ADDR", a.remoteAddr},
			{"REMOTE_USER", a.remoteUser}, {"Host", a.host},
		} {
			if pair[1] != "" || pair[0] == "SCRIPT_NAME" || pair[0] == "PATH_INFO" {
				s.line(pair[0], "", "%s", quoted(pair[1]))
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(a.header)) {
		if name != "Host" {
			s.line(name, "", "%s", e.steady(name, a.header[name]))
		}
	}
}
