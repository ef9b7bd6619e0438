package http1

import (
	"net/textproto"
	"strings"
)

// Field is one header or trailer field, its name in canonical form.
type Field struct {
	Name, Value string
}

// maxFields bounds the fields of a head or trailer section.
const maxFields = 500

// parseField reads "name: value" (RFC 9112 5). A blank before the colon is
// removed, as a proxy must; a folded line is refused.
func parseField(line string) (Field, error) {
	if line[0] == ' ' || line[0] == '\t' {
		return Field{}, bad("a folded header line %s", excerpt(line))
	}
	name, value, found := strings.Cut(line, ":")
	if !found {
		return Field{}, bad("a header line without a colon: %s", excerpt(line))
	}
	name = strings.TrimRight(name, " \t")
	if !isToken(name) {
		return Field{}, bad("a header name that is no name: %s", excerpt(name))
	}
	value = strings.Trim(value, " \t")
	for i := range len(value) {
		if c := value[i]; (c < ' ' && c != '\t') || c == 0x7f {
			return Field{}, bad("a control byte 0x%02x in header %s", c, name)
		}
	}
	return Field{textproto.CanonicalMIMEHeaderKey(name), value}, nil
}

// isToken follows RFC 9110 5.6.2.
func isToken(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`"(),/:;<=>?@[\]{}`, c) >= 0 {
			return false
		}
	}
	return s != ""
}

// tokens calls each for every element of a comma-separated list.
func tokens(list string, each func(string)) {
	for element := range strings.SplitSeq(list, ",") {
		if element = strings.Trim(element, " \t"); element != "" {
			each(element)
		}
	}
}

// MayTrail says whether a field, by its canonical name, is passed on in a
// trailer section. What frames or routes a message, says who the client is,
// or is about this connection only, is not (RFC 9110 6.5.1).
func MayTrail(name string) bool {
	switch name {
	case "Authorization", "Cache-Control", "Connection", "Cookie", "Expect", "Forwarded", "Host", "Keep-Alive",
		"Max-Forwards", "Pragma", "Proxy", "Range", "Set-Cookie", "Te", "Trailer", "Transfer-Encoding", "Upgrade",
		"Www-Authenticate", "X-Real-Ip", "X-Request-Start", "X-Request-Id":
		return false
	}
	for _, prefix := range [...]string{"Content-", "If-", "Proxy-", "X-Forwarded-", "X-Accel-", "X-Sendfile"} {
		if strings.HasPrefix(name, prefix) {
			return false
		}
	}
	for i := range len(name) {
		if c := name[i]; c != '-' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return name != ""
}
