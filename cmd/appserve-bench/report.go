package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
)

// report is everything that was found out.
type report struct {
	Machine  machine      `json:"machine"`
	Rounds   int          `json:"rounds"`
	Duration string       `json:"duration"`
	Workers  int          `json:"workers"`
	LeftOut  []leftOut    `json:"left_out"`
	Works    []workReport `json:"works"`
}

// leftOut is a peer or a work that did not run.
type leftOut struct {
	Name   string `json:"name"`
	Reason string `json:"reason"`
}

// String is what the table says about it.
func (l leftOut) String() string { return l.Name + ": " + l.Reason }

// workReport is one work with everyone who did it.
type workReport struct {
	Name        string       `json:"name"`
	Title       string       `json:"title"`
	Connections int          `json:"connections"`
	Peers       []peerReport `json:"peers"`
}

// peerReport is how one server did one work.
type peerReport struct {
	Name   string   `json:"name"`
	Note   string   `json:"note,omitempty"`
	Rounds []sample `json:"rounds"`
	Median sample   `json:"median"`
	// Versus is appserve divided by this server, the median over the rounds;
	// absent for appserve itself and when it did not run.
	Versus *ratios `json:"appserve_versus,omitempty"`
}

// summarize fills the medians and ratios in. Who never finished a round is
// dropped.
func (w *workReport) summarize() {
	w.Peers = slices.DeleteFunc(w.Peers, func(p peerReport) bool { return len(p.Rounds) == 0 })
	var ours []sample
	for i := range w.Peers {
		w.Peers[i].Median = medianOf(w.Peers[i].Rounds)
		if w.Peers[i].Name == reference {
			ours = w.Peers[i].Rounds
		}
	}
	for i := range w.Peers {
		if w.Peers[i].Name != reference && len(ours) > 0 {
			r := compare(ours, w.Peers[i].Rounds)
			w.Peers[i].Versus = &r
		}
	}
}

// leave notes that something does not run.
func (r *report) leave(name, reason string) {
	r.LeftOut = append(r.LeftOut, leftOut{Name: name, Reason: reason})
}

// writeJSON prints the report for programs.
func (r *report) writeJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(r); err != nil {
		return fmt.Errorf("printing the report: %w", err)
	}
	return nil
}
