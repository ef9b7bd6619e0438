package config

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// jsonReport is what -t -json prints. Positions count from 0, as in the
// Language Server Protocol.
type jsonReport struct {
	Valid       bool             `json:"valid"`
	Errors      int              `json:"errors"`
	Warnings    int              `json:"warnings"`
	Summary     string           `json:"summary"`
	Diagnostics []jsonDiagnostic `json:"diagnostics"`
}

type jsonDiagnostic struct {
	Severity string        `json:"severity"`
	Code     string        `json:"code,omitempty"` // of a warning
	Summary  string        `json:"summary"`
	Detail   string        `json:"detail,omitempty"`
	File     string        `json:"file,omitempty"`
	Range    *jsonRange    `json:"range,omitempty"`
	Context  string        `json:"context,omitempty"`
	Related  []jsonRelated `json:"relatedInformation,omitempty"`
}

type jsonRelated struct {
	Location jsonLocation `json:"location"`
	Message  string       `json:"message"`
}

type jsonLocation struct {
	File  string    `json:"file"`
	Range jsonRange `json:"range"`
}

type jsonRange struct {
	Start jsonPosition `json:"start"`
	End   jsonPosition `json:"end"`
}

type jsonPosition struct {
	Line      int `json:"line"`
	Character int `json:"character"`
}

// WriteJSON writes every diagnostic in source order as one JSON object.
func (l *Loaded) WriteJSON(w io.Writer) error {
	report := jsonReport{Valid: !l.HasErrors(), Summary: l.Summary(), Diagnostics: []jsonDiagnostic{}}
	for _, d := range l.diagnostics.sorted(l.sources.order) {
		switch d.severity {
		case SeverityError:
			report.Errors++
		case SeverityWarning:
			report.Warnings++
		}
		report.Diagnostics = append(report.Diagnostics, l.jsonDiagnostic(d))
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(report); err != nil {
		return fmt.Errorf("writing diagnostics: %w", err)
	}
	return nil
}

func (l *Loaded) jsonDiagnostic(d *diagnostic) jsonDiagnostic {
	out := jsonDiagnostic{
		Severity: strings.ToLower(d.severity.String()),
		Code:     d.code,
		Summary:  l.sources.mask(d.summary),
		Detail:   l.sources.mask(d.detail),
		File:     d.at.Filename,
	}
	if d.at.Filename != "" {
		place := jsonPlace(d.at)
		out.Range, out.Context = &place, l.sources.context(d.at)
	}
	for _, r := range d.related {
		out.Related = append(out.Related, jsonRelated{jsonLocation{r.at.Filename, jsonPlace(r.at)}, r.note})
	}
	return out
}

func jsonPlace(at hcl.Range) jsonRange {
	position := func(p hcl.Pos) jsonPosition { return jsonPosition{max(0, p.Line-1), max(0, p.Column-1)} }
	return jsonRange{position(at.Start), position(at.End)}
}
