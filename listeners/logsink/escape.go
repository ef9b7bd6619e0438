package logsink

import (
	"unicode/utf8"
)

// EscapeLine makes a line of somebody else's output safe to stand in a log and
// on a terminal: control characters (C0 except the tab, DEL, C1) and bytes that
// are not UTF-8 become \n, \r, \e or \xNN. A line without them is returned as
// it is; backslashes are left alone, so that tracebacks stay readable.
func EscapeLine(line []byte) []byte {
	clean := cleanPrefix(line)
	if clean == len(line) {
		return line
	}
	out := make([]byte, clean, len(line)+16)
	copy(out, line)
	for rest := line[clean:]; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		if plain(r, size) {
			out = append(out, rest[:size]...)
		} else {
			out = appendEscape(out, r, rest[0], size)
		}
		rest = rest[size:]
	}
	return out
}

func cleanPrefix(line []byte) int {
	for i := 0; i < len(line); {
		r, size := utf8.DecodeRune(line[i:])
		if !plain(r, size) {
			return i
		}
		i += size
	}
	return len(line)
}

func plain(r rune, size int) bool {
	switch {
	case r == '\t':
		return true
	case r < ' ', r >= 0x7f && r < 0xa0:
		return false
	case r == utf8.RuneError && size == 1:
		return false
	}
	return true
}

func appendEscape(out []byte, r rune, first byte, size int) []byte {
	const hex = "0123456789abcdef"
	switch {
	case r == '\n':
		return append(out, `\n`...)
	case r == '\r':
		return append(out, `\r`...)
	case r == 0x1b:
		return append(out, `\e`...)
	case size == 1:
		return append(out, '\\', 'x', hex[first>>4], hex[first&15])
	}
	return append(out, '\\', 'x', hex[r>>4], hex[r&15]) // C1: two bytes, one number below 0x100
}
