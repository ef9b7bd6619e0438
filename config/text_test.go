package config

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestWriteText_Nothing(t *testing.T) {
	if text := textOf(loadText(t, answering(`"x"`))); text != "" {
		t.Errorf("a sound configuration says %q", text)
	}
}

func TestWriteText_Width(t *testing.T) {
	l := loadText(t, "pool \"a\" {\n  app = \"a:b\"\n  xylophone = 1\n}\n")
	for _, width := range []int{40, 500} {
		var b strings.Builder
		l.WriteText(&b, TextStyle{Width: width})
		for line := range strings.Lines(b.String()) {
			if len(line) > min(width, maxWidth)+1 && !strings.HasPrefix(line, " ") {
				t.Errorf("width %d: %q", width, line)
			}
		}
	}
}

func TestWriteText_Color(t *testing.T) {
	l := loadText(t, "pool \"a\" {\n  app = 1\n}\n")
	var b strings.Builder
	l.WriteText(&b, TextStyle{Color: true})
	if !strings.Contains(b.String(), "\x1b[31mError: \x1b[0m") {
		t.Errorf("no colour: %q", b.String())
	}
	if strings.Contains(textOf(l), "\x1b") {
		t.Error("colour where none was asked for")
	}
}

func TestWriteText_TabsAndControls(t *testing.T) {
	text := textOf(loadText(t, "pool \"a\" {\n\tapp = 1 # \x1b[2J\n}\n"))
	if strings.Contains(text, "\x1b") {
		t.Errorf("a control character reaches the terminal: %q", text)
	}
	if !strings.Contains(text, "   2: \tapp = 1 # ?[2J\n      \t      ^\n") {
		t.Errorf("the caret is not below the value:\n%s", text)
	}
}

func TestLoaded_Add(t *testing.T) {
	l := loadText(t, strings.Replace(answering(`"x"`), "site", "pool \"p\" {\n  app   = \"a:b\"\n  chdir = \"/srv\"\n}\nsite", 1))
	if l.HasErrors() || !l.HasWarnings() {
		t.Fatal(textOf(l))
	}
	pool := l.Config().Pools[0]
	l.Add(SeverityError, pool.Sources["chdir"], "No interpreter here", "Write: python = \"python3\"")
	l.Add(SeverityNote, Source{File: pool.Source.File, Line: 2, Column: 1}, "A note about a line", "")
	l.Add(SeverityWarning, Source{}, "No place at all", "It comes first.")
	if !l.HasErrors() {
		t.Error("an added error does not count")
	}
	if l.Config() == nil {
		t.Error("an added error takes the configuration away from the caller that is looking at it")
	}
	text := textOf(l)
	places := []string{"No place at all", "A note about a line", "is used by no location", "No interpreter here", "1 error and 2 warnings; nothing was changed."}
	last := -1
	for _, want := range places {
		at := strings.Index(text, want)
		if at <= last {
			t.Fatalf("%q is missing or too early in\n%s", want, text)
		}
		last = at
	}
	if !strings.Contains(text, `  chdir = "/srv"`+"\n"+`                ^^^^^^`+"\n") {
		t.Errorf("no caret below the value:\n%s", text)
	}
}

func TestLoaded_Summary(t *testing.T) {
	upstream := "upstream \"u\" {\n  server \"a\" {\n    address = \"127.0.0.1:1\"\n  }\n}\n"
	cases := map[string]string{
		answering(`"x"`):            "1 file, 1 listener, 1 site, 0 pools",
		answering(`"x"`) + upstream: "1 file, 1 listener, 1 site, 1 upstream",
	}
	for text, want := range cases {
		if got := loadText(t, text).Summary(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestWriteJSON(t *testing.T) {
	l := loadText(t, "log {\n  level = \"info\"\n}\nlog {\n  level = \"loud\"\n}\n")
	var b strings.Builder
	if err := l.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	var report jsonReport
	if err := json.Unmarshal([]byte(b.String()), &report); err != nil {
		t.Fatal(err)
	}
	if report.Valid || report.Errors != 2 || report.Warnings != 0 || len(report.Diagnostics) != 2 {
		t.Fatalf("%+v", report)
	}
	var twice *jsonDiagnostic
	for i := range report.Diagnostics {
		if report.Diagnostics[i].Summary == "Duplicate log block" {
			twice = &report.Diagnostics[i]
		}
	}
	if twice == nil || len(twice.Related) != 1 || twice.Related[0].Location.Range.Start.Line != 0 || twice.Range.Start.Line != 3 || twice.Severity != "error" {
		t.Errorf("%+v", twice)
	}
}

func TestWriteJSON_Sound(t *testing.T) {
	var b strings.Builder
	if err := loadText(t, answering(`"x"`)).WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"valid": true`, `"diagnostics": []`, `"summary": "1 file, 1 listener, 1 site, 0 pools"`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %s in %s", want, b.String())
		}
	}
}
