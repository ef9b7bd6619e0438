package main

import (
	"fmt"
	"strings"
)

// report is what explain says: sections in the order in which things happen.
type report struct {
	Request  string          `json:"request"`
	Sections []reportSection `json:"sections"`
	Status   int             `json:"status,omitempty"` // 0: what the application says
	Reason   string          `json:"reason,omitempty"` // why appserve answers itself
}

// reportSection is one station of a request.
type reportSection struct {
	Title string       `json:"title"`
	Place string       `json:"place,omitempty"` // "shop.hcl:12"
	Lines []reportLine `json:"lines,omitempty"`
}

// reportLine is one thing that was looked at there.
type reportLine struct {
	Name  string `json:"name"`
	Text  string `json:"text"`
	Place string `json:"place,omitempty"` // "shop.hcl:12" or "default"
}

func (r *report) section(title, place string) *reportSection {
	r.Sections = append(r.Sections, reportSection{Title: title, Place: place})
	return &r.Sections[len(r.Sections)-1]
}

func (s *reportSection) line(name, place, format string, args ...any) {
	text := format
	if len(args) > 0 {
		text = fmt.Sprintf(format, args...)
	}
	s.Lines = append(s.Lines, reportLine{name, text, place})
}

// widestName bounds how far texts are moved to the right.
const widestName = 40

// text is the report for people: places stand in brackets at the ends of lines.
func (r *report) text() string {
	var b strings.Builder
	b.WriteString(r.Request + "\n")
	for _, s := range r.Sections {
		b.WriteString("\n" + s.Title + inBrackets(s.Place) + "\n")
		width := 0
		for _, l := range s.Lines {
			if len(l.Name) <= widestName {
				width = max(width, len(l.Name))
			}
		}
		for _, l := range s.Lines {
			line := fmt.Sprintf("  %-*s  %s", width, printableText(l.Name), printableText(l.Text))
			b.WriteString(strings.TrimRight(line, " ") + inBrackets(l.Place) + "\n")
		}
	}
	return b.String()
}

func inBrackets(place string) string {
	if place == "" {
		return ""
	}
	return "  (" + place + ")"
}

// printableText keeps what a request holds from doing things to a terminal.
func printableText(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '?'
		}
		return r
	}, s)
}
