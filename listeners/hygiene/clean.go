package hygiene

import (
	"net/http"
	"net/textproto"
	"strings"
)

// Cleaned says what a header meant before Clean took it out.
type Cleaned struct {
	Upgrade  bool // a WebSocket handshake: Connection and Upgrade are kept, in one spelling
	Trailers bool // TE: trailers: the client takes trailer fields
	// ClaimsHTTPS: X-Forwarded-Proto said https. It is a claim, and no more.
	ClaimsHTTPS bool
}

// Clean takes out of a request's header what must not reach an application
// (language, section 8): first the fields of this connection (RFC 9110,
// section 7.6.1) and those the client declares to be so, then names that CGI
// would confuse with others, then the client's word about itself, which is
// ours to say. Of Upgrade only websocket survives, never h2c.
func Clean(header http.Header) Cleaned {
	var c Cleaned
	if connection := header["Connection"]; connection != nil {
		c.Upgrade = removeTokens(header, connection) && isWebSocket(header["Upgrade"])
	}
	if te := header["Te"]; te != nil {
		c.Trailers = hasToken(te, "trailers")
	}
	for name := range header {
		if ours(name) || !plainName(name) {
			if name == "X-Forwarded-Proto" {
				first, _, _ := strings.Cut(header[name][0], ",")
				c.ClaimsHTTPS = strings.EqualFold(textproto.TrimString(first), "https")
			}
			delete(header, name)
		}
	}
	if c.Upgrade {
		header["Connection"] = []string{"Upgrade"}
		header["Upgrade"] = []string{"websocket"}
	}
	return c
}

// ours reports the fields that end here, and those that only we set.
func ours(name string) bool {
	switch name {
	case "Connection", "Proxy-Connection", "Keep-Alive", "Te", "Trailer", "Transfer-Encoding", "Upgrade",
		"Http2-Settings", "Proxy-Authenticate", "Proxy-Authorization", "Expect":
		return true
	case "Proxy", "Forwarded", "X-Real-Ip", "X-Request-Start", "X-Request-Id":
		return true
	}
	return strings.HasPrefix(name, "X-Forwarded-")
}

// plainName reports names that have one spelling in CGI variables: letters, digits, hyphens.
func plainName(name string) bool {
	for i := 0; i < len(name); i++ {
		c := name[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', c == '-', '0' <= c && c <= '9':
		default:
			return false
		}
	}
	return true
}

// removeTokens deletes the fields that Connection names, and reports whether
// it names upgrade. Framing and Host are never the client's to take away.
func removeTokens(header http.Header, values []string) (upgrade bool) {
	for _, value := range values {
		for token := range strings.SplitSeq(value, ",") {
			token = textproto.TrimString(token)
			switch {
			case token == "", strings.EqualFold(token, "close"), strings.EqualFold(token, "keep-alive"):
			case strings.EqualFold(token, "upgrade"):
				upgrade = true
			case strings.EqualFold(token, "content-length"), strings.EqualFold(token, "te"):
			default:
				header.Del(token)
			}
		}
	}
	return upgrade
}

func isWebSocket(values []string) bool {
	return len(values) == 1 && strings.EqualFold(textproto.TrimString(values[0]), "websocket")
}

func hasToken(values []string, want string) bool {
	for _, value := range values {
		for token := range strings.SplitSeq(value, ",") {
			token, _, _ = strings.Cut(token, ";")
			if strings.EqualFold(textproto.TrimString(token), want) {
				return true
			}
		}
	}
	return false
}
