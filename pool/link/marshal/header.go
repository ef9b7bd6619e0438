package marshal

// Header is one header of a response. The bytes of both strings are latin-1
// code points. Nothing about them is checked here: a name may be empty, a
// value may hold a line break.
type Header struct {
	Name, Value string
}

// environPrefix is what CGI puts before the name of a request header.
const environPrefix = "HTTP_"

// AppendHeaderKey appends the environ key of a request header, "User-Agent" as
// "HTTP_USER_AGENT", converted on its way into the buffer. Names that most
// clients send, in Go's canonical spelling, are interned by the worker; all
// others are plain text, because the client chose them.
func (e Encoder) AppendHeaderKey(b []byte, name string) []byte {
	if countHigh(name) != 0 {
		return e.AppendLatin1(b, string(appendEnvironName(nil, name)))
	}
	switch n := len(environPrefix) + len(name); {
	case e.Legacy:
		b = appendHeader(b, codeString, n)
	case n > maxShort:
		b = appendHeader(b, codeASCII, n)
	case isCommonHeader(name):
		b = append(b, codeShortInterned, byte(n))
	default:
		b = append(b, codeShortASCII, byte(n))
	}
	return appendEnvironName(b, name)
}

// appendEnvironName appends the CGI spelling of a header's name.
func appendEnvironName(b []byte, name string) []byte {
	b = append(append(b, environPrefix...), name...)
	upper := b[len(b)-len(name):]
	for i, c := range upper {
		switch {
		case 'a' <= c && c <= 'z':
			upper[i] = c - ('a' - 'A')
		case c == '-':
			upper[i] = '_'
		}
	}
	return b
}

// isCommonHeader says whether a name is in the fixed table of headers.
func isCommonHeader(name string) bool {
	switch name {
	case "Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Authorization",
		"Cache-Control", "Connection", "Cookie", "Dnt", "Host", "If-Match", "If-Modified-Since",
		"If-None-Match", "If-Range", "If-Unmodified-Since", "Origin", "Pragma", "Priority", "Range",
		"Referer", "Sec-Ch-Ua", "Sec-Ch-Ua-Mobile", "Sec-Ch-Ua-Platform", "Sec-Fetch-Dest",
		"Sec-Fetch-Mode", "Sec-Fetch-Site", "Sec-Fetch-User", "Te", "Upgrade-Insecure-Requests",
		"User-Agent", "X-Csrftoken", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Port",
		"X-Forwarded-Proto", "X-Real-Ip", "X-Request-Id", "X-Requested-With":
		return true
	}
	return false
}
