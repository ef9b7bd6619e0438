package headers

import (
	"fmt"
	"net/textproto"
	"strings"
)

// Check reports why a field cannot be changed by the configuration, nil when
// it can: its name is no token (RFC 9110, section 5.1), it frames the message,
// or it belongs to the connection.
func Check(name string) error {
	if name == "" {
		return fmt.Errorf("a header field without a name")
	}
	for i := 0; i < len(name); i++ {
		switch c := name[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0:
		default:
			return fmt.Errorf("%q is no name of a header field", name)
		}
	}
	switch textproto.CanonicalMIMEHeaderKey(name) {
	case "Content-Length", "Transfer-Encoding", "Trailer", "Te":
		return fmt.Errorf("header field %q frames the message and is ours alone", name)
	case "Connection", "Proxy-Connection", "Keep-Alive", "Upgrade", "Expect", "Http2-Settings":
		return fmt.Errorf("header field %q belongs to one connection and is ours alone", name)
	case "Host":
		return fmt.Errorf("header field %q is what the request was routed by", name)
	}
	return nil
}
