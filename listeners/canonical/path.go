// Package canonical owns the one reading of a request target that everything
// else uses: routing, static files, PATH_INFO. It refuses what has no safe
// reading instead of repairing it.
package canonical

import (
	"errors"
	"strings"
)

// Reasons why a target has no canonical path. All of them mean 400.
var (
	ErrNotAbsolute = errors.New("the path does not start with a slash")
	ErrBadEscape   = errors.New("a percent sign without two hexadecimal digits")
	ErrNUL         = errors.New("a NUL byte in the path")
	ErrAboveRoot   = errors.New("the path leads above the root")
	ErrFragment    = errors.New("a fragment in the request target")
)

// Path gives the canonical path of an origin-form request target: without its
// query, percent-decoded once (so that %2F is a slash), slashes merged, dot
// segments resolved. A path that is canonical already is returned as it is,
// without allocation. The result starts with a slash; one at the end stays.
func Path(target string) (string, error) {
	if strings.IndexByte(target, '#') >= 0 {
		return "", ErrFragment
	}
	raw, _, _ := strings.Cut(target, "?")
	if raw == "" || raw[0] != '/' {
		return "", ErrNotAbsolute
	}
	if isCanonical(raw) {
		return raw, nil
	}
	decoded, err := decode(raw)
	if err != nil {
		return "", err
	}
	return resolve(decoded)
}

// isCanonical may say no to a canonical path ("/.well-known"), never yes to another.
func isCanonical(raw string) bool {
	slash := false
	for i := 0; i < len(raw); i++ {
		switch raw[i] {
		case '%', 0:
			return false
		case '.':
			if slash {
				return false
			}
			slash = false
		case '/':
			if slash {
				return false
			}
			slash = true
		default:
			slash = false
		}
	}
	return true
}

func decode(raw string) ([]byte, error) {
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		if c == '%' {
			if i+2 >= len(raw) {
				return nil, ErrBadEscape
			}
			high, low := unhex(raw[i+1]), unhex(raw[i+2])
			if high > 15 || low > 15 {
				return nil, ErrBadEscape
			}
			c = high<<4 | low
			i += 2
		}
		if c == 0 {
			return nil, ErrNUL
		}
		out = append(out, c)
	}
	return out, nil
}

func unhex(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10
	default:
		return 255
	}
}

// resolve merges slashes, then resolves dot segments, in place: what is
// written is never longer than what was read.
func resolve(path []byte) (string, error) {
	out := path[:0]
	for i := 0; i < len(path); {
		for i < len(path) && path[i] == '/' {
			i++
		}
		end := i
		for end < len(path) && path[end] != '/' {
			end++
		}
		segment := path[i:end]
		switch {
		case len(segment) == 0, len(segment) == 1 && segment[0] == '.':
			if end == len(path) {
				out = append(out, '/')
			}
		case len(segment) == 2 && segment[0] == '.' && segment[1] == '.':
			if len(out) == 0 {
				return "", ErrAboveRoot
			}
			out = out[:lastSlash(out)]
			if end == len(path) {
				out = append(out, '/')
			}
		default:
			out = append(out, '/')
			out = append(out, segment...)
		}
		i = end
	}
	return string(out), nil
}

func lastSlash(b []byte) int {
	i := len(b) - 1
	for b[i] != '/' {
		i--
	}
	return i
}

// Escape is the shortest spelling of a canonical path that decodes to it:
// percent-encoded where RFC 3986 asks for it.
func Escape(path string) string {
	if !needsEscape(path) {
		return path
	}
	const hex = "0123456789ABCDEF"
	out := make([]byte, 0, len(path)+12)
	for i := 0; i < len(path); i++ {
		if c := path[i]; pathByte(c) {
			out = append(out, c)
		} else {
			out = append(out, '%', hex[c>>4], hex[c&15])
		}
	}
	return string(out)
}

func needsEscape(path string) bool {
	for i := 0; i < len(path); i++ {
		if !pathByte(path[i]) {
			return true
		}
	}
	return false
}

// pathByte reports what RFC 3986 allows in a path: pchar and the slash.
func pathByte(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	return strings.IndexByte("-._~!$&'()*+,;=:@/", c) >= 0
}
