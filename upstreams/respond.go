package upstreams

import (
	"maps"
	"net/http"
	"slices"

	"github.com/appserve/appserve/upstreams/http1"
)

// writeHead passes the final head on.
func (f *forward) writeHead() {
	h := f.w.Header()
	setFields(h, f.head.Fields)
	if _, said := h["Content-Type"]; !said {
		h["Content-Type"] = nil // keeps net/http from guessing
	}
	if f.head.Framing == http1.Chunked && len(f.head.Trailers) > 0 {
		h["Trailer"] = slices.Clone(f.head.Trailers)
	}
	f.w.WriteHeader(f.head.Status)
}

// setFields puts the fields into h. What the server says replaces what was
// there; what it says several times stays several lines.
func setFields(h http.Header, fields []http1.Field) {
	if len(h) > 0 {
		for _, f := range fields {
			delete(h, f.Name)
		}
	}
	values := make([]string, len(fields))
	for i, f := range fields {
		if before, again := h[f.Name]; again {
			h[f.Name] = append(before, f.Value)
			continue
		}
		values[i] = f.Value
		h[f.Name] = values[i : i+1 : i+1]
	}
}

// interim passes a 1xx head on. 100 is not: the client gets its own when its
// body is first read.
func (f *forward) interim() {
	if f.head.Status == http.StatusContinue {
		return
	}
	if !f.r.ProtoAtLeast(1, 1) {
		return
	}
	h := f.w.Header()
	final := maps.Clone(h)
	clear(h)
	setFields(h, f.head.Fields)
	f.w.WriteHeader(f.head.Status)
	clear(h)
	maps.Copy(h, final)
}

// writeTrailers passes the trailer fields on, announced or not.
func (f *forward) writeTrailers() {
	if len(f.answer.Trailers) == 0 {
		return
	}
	h := f.w.Header()
	for _, t := range f.answer.Trailers {
		name := t.Name
		if !slices.Contains(f.head.Trailers, name) {
			name = http.TrailerPrefix + name
		}
		h.Add(name, t.Value)
	}
}

// flushWriter flushes w through every wrapper.
func flushWriter(w http.ResponseWriter) error {
	for {
		switch t := w.(type) {
		case interface{ FlushError() error }:
			return t.FlushError()
		case http.Flusher:
			t.Flush()
			return nil
		case interface{ Unwrap() http.ResponseWriter }:
			w = t.Unwrap()
		default:
			return nil
		}
	}
}
