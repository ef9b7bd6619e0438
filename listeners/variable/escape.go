package variable

import (
	"encoding/json"
	"strings"
)

// Escape says where a rendered value will stand, and so how it is written.
type Escape uint8

const (
	// Plain takes values as they are.
	Plain Escape = iota
	// LogLine writes "-" for an empty value and \xXX for quotes, backslashes
	// and bytes outside printable ASCII, exactly as nginx does.
	LogLine
	// URL percent-encodes what may not stand in a Location field, and in
	// $path, $rest and $match_NAME, which are decoded, the delimiters too.
	URL
	// HTML escapes the five characters of markup.
	HTML
	// JSON escapes for the inside of a string of JSON.
	JSON
)

// EscapeFor is how values are written in content of a media type.
func EscapeFor(contentType string) Escape {
	media, _, _ := strings.Cut(strings.ToLower(contentType), ";")
	switch media = strings.TrimSpace(media); {
	case media == "application/json", strings.HasSuffix(media, "+json"):
		return JSON
	case media == "text/html", media == "application/xhtml+xml", media == "text/xml", media == "application/xml", strings.HasSuffix(media, "+xml"):
		return HTML
	default:
		return Plain
	}
}

const upperHex = "0123456789ABCDEF"

// apply escapes dst[start:], the value of variable id.
func (e Escape) apply(dst []byte, start int, id ID) []byte {
	switch e {
	case LogLine:
		if len(dst) == start {
			return append(dst, '-')
		}
		if allLogSafe(dst[start:]) { // every request, several times
			return dst
		}
		return escapeFrom(dst, start, logSafe, appendLogEscape)
	case URL:
		if id == Path || id == Rest || id == Match {
			return escapeFrom(dst, start, pathSafe, appendPercent)
		}
		return escapeFrom(dst, start, urlSafe, appendPercent)
	case HTML:
		return escapeFrom(dst, start, htmlSafe, appendEntity)
	case JSON:
		return escapeJSON(dst, start)
	default:
		return dst
	}
}

// escapeFrom leaves dst alone in the usual case that everything is safe.
func escapeFrom(dst []byte, start int, safe func(byte) bool, escape func([]byte, byte) []byte) []byte {
	first := start
	for first < len(dst) && safe(dst[first]) {
		first++
	}
	if first == len(dst) {
		return dst
	}
	value := string(dst[first:])
	dst = dst[:first]
	for i := 0; i < len(value); i++ {
		if safe(value[i]) {
			dst = append(dst, value[i])
		} else {
			dst = escape(dst, value[i])
		}
	}
	return dst
}

// escapeJSON quotes and takes the quotes off again: what JSON escapes, and how
// it writes what is not UTF-8, is the encoder's business.
func escapeJSON(dst []byte, start int) []byte {
	quoted, err := json.Marshal(string(dst[start:]))
	if err != nil {
		return dst[:start] // no string fails
	}
	return append(dst[:start], quoted[1:len(quoted)-1]...)
}

func logSafe(c byte) bool {
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'
}

func allLogSafe(value []byte) bool {
	for _, c := range value {
		if !logSafe(c) {
			return false
		}
	}
	return true
}

func urlSafe(c byte) bool {
	if c <= 0x20 || c >= 0x7f {
		return false
	}
	switch c {
	case '"', '<', '>', '\\', '^', '`', '{', '|', '}':
		return false
	}
	return true
}

func pathSafe(c byte) bool {
	return urlSafe(c) && c != '%' && c != '?' && c != '#'
}

func htmlSafe(c byte) bool {
	return c != '<' && c != '>' && c != '&' && c != '"' && c != '\''
}

func appendLogEscape(dst []byte, c byte) []byte {
	return append(dst, '\\', 'x', upperHex[c>>4], upperHex[c&15])
}

func appendPercent(dst []byte, c byte) []byte {
	return append(dst, '%', upperHex[c>>4], upperHex[c&15])
}

func appendEntity(dst []byte, c byte) []byte {
	switch c {
	case '<':
		return append(dst, "&lt;"...)
	case '>':
		return append(dst, "&gt;"...)
	case '&':
		return append(dst, "&amp;"...)
	case '"':
		return append(dst, "&#34;"...)
	default:
		return append(dst, "&#39;"...)
	}
}
