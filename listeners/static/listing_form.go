package static

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// listingForm is how a listing is written.
type listingForm uint8

const (
	page   listingForm = iota // HTML, for people
	asJSON                    // for programs
)

// key is the name of a listing in the cache; no file has a NUL in its name.
func (f listingForm) key(path string) string {
	return "\x00" + strconv.Itoa(int(f)) + path
}

func (f listingForm) contentType() string {
	if f == asJSON {
		return "application/json"
	}
	return "text/html; charset=utf-8"
}

func (f listingForm) render(l *listing) []byte {
	if f == asJSON {
		return l.appendJSON(nil)
	}
	return l.appendPage(nil)
}

// wantsJSON reads Accept (RFC 9110, 12.5.1): JSON when the client names it and
// does not like HTML as much.
func wantsJSON(accept []string) bool {
	var ofJSON, ofHTML float64
	for _, field := range accept {
		for item := range strings.SplitSeq(field, ",") {
			media, parameters, _ := strings.Cut(item, ";")
			q := 1.0
			if _, value, ok := strings.Cut(strings.ReplaceAll(strings.ToLower(parameters), " ", ""), "q="); ok {
				value, _, _ = strings.Cut(value, ";")
				q, _ = strconv.ParseFloat(value, 64) // what is no number is not wanted
			}
			switch strings.ToLower(strings.TrimSpace(media)) {
			case "application/json":
				ofJSON = max(ofJSON, q)
			case "text/html", "application/xhtml+xml":
				ofHTML = max(ofHTML, q)
			}
		}
	}
	return ofJSON > ofHTML
}

// appendJSON writes {"path", "truncated", "entries": [{"name", "type", "size",
// "modified"}]}; type is "folder" or "file", size in bytes and of files only,
// modified in RFC 3339 and UTC, absent when the file system does not say.
func (l *listing) appendJSON(dst []byte) []byte {
	type item struct {
		Name     string `json:"name"`
		Type     string `json:"type"`
		Size     *int64 `json:"size,omitempty"`
		Modified string `json:"modified,omitempty"`
	}
	items := make([]item, len(l.entries))
	for i, e := range l.entries {
		items[i] = item{Name: e.name, Type: "folder"}
		if !e.folder {
			items[i].Type, items[i].Size = "file", &l.entries[i].size
		}
		if !e.modified.IsZero() {
			items[i].Modified = e.modified.UTC().Format(time.RFC3339)
		}
	}
	text, err := json.Marshal(map[string]any{"path": l.path, "truncated": l.cut, "entries": items})
	if err != nil {
		panic("static: a listing that is no JSON: " + err.Error()) // text, numbers and booleans always are
	}
	return append(append(dst, text...), '\n')
}
