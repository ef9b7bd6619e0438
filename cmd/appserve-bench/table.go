package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// writeTable prints the report for people, in Markdown.
func (r *report) writeTable(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", r.Machine)
	fmt.Fprintf(&b, "%d rounds of %s in turns, medians; %d worker processes everywhere; keep-alive on, access logs off.\n", r.Rounds, r.Duration, r.Workers)
	fmt.Fprint(&b, "CPU: user and system time of the server's whole process tree per request. RSS: of the front alone.\n")
	fmt.Fprint(&b, "The last two columns are appserve divided by that server: more is better for the rate, less for the CPU.\n")
	for _, l := range r.LeftOut {
		fmt.Fprintf(&b, "Left out: %s\n", l)
	}
	for _, work := range r.Works {
		work.write(&b)
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("printing the table: %w", err)
	}
	return nil
}

// write prints one work.
func (w workReport) write(b *strings.Builder) {
	fmt.Fprintf(b, "\n### %s, %d connections\n\n", w.Title, w.Connections)
	rows := [][]string{{"server", "requests/s", "p50", "p99", "CPU/request", "RSS", "rate ratio", "CPU ratio"}}
	var notes []string
	for _, p := range w.Peers {
		rows = append(rows, p.row())
		if p.Median.Errors > 0 {
			notes = append(notes, fmt.Sprintf("%s: %d requests failed or were not answered 2xx", p.Name, p.Median.Errors))
		}
	}
	writeRows(b, rows)
	w.writeIdle(b)
	for _, note := range notes {
		fmt.Fprintf(b, "\n%s\n", note)
	}
}

// writeIdle prints what the idle connections cost, where there were some.
func (w workReport) writeIdle(b *strings.Builder) {
	rows := [][]string{{"server", "CPU/request without them", "with them", "ratio", "RSS for each"}}
	for _, p := range w.Peers {
		if idle := p.Median.Idle; idle != nil {
			rows = append(rows, []string{
				p.Name, latency(idle.CPUAlone), latency(p.Median.CPU),
				fmt.Sprintf("%.2f", p.idleRatio()), fmt.Sprintf("%.1f KiB", idle.RSS/kib),
			})
		}
	}
	if len(rows) > 1 {
		fmt.Fprint(b, "\nThe idle connections cost:\n\n")
		writeRows(b, rows)
	}
}

// idleRatio is the CPU per request beside the idle connections divided by that
// without them, the median over the rounds.
func (p peerReport) idleRatio() float64 {
	var ratios []float64
	for _, s := range p.Rounds {
		if s.Idle != nil && s.Idle.CPUAlone > 0 {
			ratios = append(ratios, s.CPU/s.Idle.CPUAlone)
		}
	}
	return median(ratios)
}

// row is the line of one server.
func (p peerReport) row() []string {
	rate, cpu := "", ""
	if p.Versus != nil {
		rate, cpu = fmt.Sprintf("%.2f", p.Versus.Rate), fmt.Sprintf("%.2f", p.Versus.CPU)
	}
	rss := ""
	if p.Median.RSS > 0 {
		rss = fmt.Sprintf("%.1f MiB", float64(p.Median.RSS)/mib)
	}
	return []string{
		p.Name, fmt.Sprintf("%.0f", p.Median.Rate), latency(p.Median.P50), latency(p.Median.P99),
		latency(p.Median.CPU), rss, rate, cpu,
	}
}

// latency writes microseconds with three digits and a unit.
func latency(us float64) string {
	switch {
	case us < 100:
		return fmt.Sprintf("%.1f us", us)
	case us < 1000:
		return fmt.Sprintf("%.0f us", us)
	case us < 100_000:
		return fmt.Sprintf("%.1f ms", us/1000)
	}
	return fmt.Sprintf("%.0f ms", us/1000)
}

// writeRows aligns a table; the first row is its head, the first column text.
func writeRows(b *strings.Builder, rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], len(cell))
		}
	}
	rule := make([]string, len(widths))
	for i, width := range widths {
		rule[i] = strings.Repeat("-", width-1) + ":"
	}
	rule[0] = strings.Repeat("-", widths[0])
	for _, row := range slices.Insert(rows, 1, rule) {
		fmt.Fprintf(b, "| %-*s |", widths[0], row[0])
		for i, cell := range row[1:] {
			fmt.Fprintf(b, " %*s |", widths[i+1], cell)
		}
		b.WriteString("\n")
	}
}
