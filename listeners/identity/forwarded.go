package identity

import "strings"

// element is one forwarded-element (RFC 7239, section 4), as it came.
type element struct {
	client, proto, host string
}

// readForwarded walks the field Forwarded. There scheme and host stand beside
// the address they belong to: those of the proxy that is the farthest away,
// and still trusted, are what the client said.
func (t *Trust) readForwarded(c *Client, lines []string) {
	for i := len(lines) - 1; i >= 0; i-- {
		for rest, more := lines[i], true; more; {
			var item string
			rest, item, more = lastElement(rest)
			e, ok := parseElement(item)
			if !ok {
				return
			}
			c.setScheme(e.proto)
			c.setName(e.host)
			n, ok := parseNode(e.client)
			if !ok {
				return
			}
			c.Host, c.Port = n.host, n.port
			if !t.proxies.Contains(n.addr) {
				return
			}
		}
	}
}

// lastElement cuts the last element off the list; a comma in quotes ends none.
// It reads from the end, which is the trusted proxy's own word: a quote that
// somebody left open before must not swallow what was added behind it.
func lastElement(list string) (rest, item string, more bool) {
	quoted := false
	for i := len(list) - 1; i >= 0; i-- {
		switch list[i] {
		case '"':
			if !quoted || !escaped(list, i) {
				quoted = !quoted
			}
		case ',':
			if !quoted {
				return list[:i], strings.Trim(list[i+1:], " \t"), true
			}
		}
	}
	return "", strings.Trim(list, " \t"), false
}

// escaped reports whether the byte at i stands behind a backslash that is not
// itself behind one.
func escaped(s string, i int) bool {
	slashes := 0
	for i--; i >= 0 && s[i] == '\\'; i-- {
		slashes++
	}
	return slashes%2 == 1
}

// parseElement reads the pairs of an element; each name may stand once.
func parseElement(item string) (e element, ok bool) {
	var seen struct{ client, proto, host bool }
	for item != "" {
		name, value, rest, ok := cutPair(item)
		if !ok {
			return element{}, false
		}
		item = rest
		var into *string
		var twice *bool
		switch {
		case strings.EqualFold(name, "for"):
			into, twice = &e.client, &seen.client
		case strings.EqualFold(name, "proto"):
			into, twice = &e.proto, &seen.proto
		case strings.EqualFold(name, "host"):
			into, twice = &e.host, &seen.host
		default:
			continue // by, and what others add
		}
		if *twice {
			return element{}, false
		}
		*into, *twice = value, true
	}
	return e, true
}

// cutPair reads one name=value; rest is what follows its semicolon.
func cutPair(item string) (name, value, rest string, ok bool) {
	name, value, ok = strings.Cut(item, "=")
	if name = strings.Trim(name, " \t"); !ok || name == "" {
		return "", "", "", false
	}
	if !strings.HasPrefix(value, `"`) {
		value, rest, _ = strings.Cut(value, ";")
		value, rest = strings.Trim(value, " \t"), strings.Trim(rest, " \t")
		return name, value, rest, !strings.ContainsAny(value, `" `+"\t")
	}
	value, rest, ok = cutQuoted(value[1:])
	rest = strings.Trim(rest, " \t")
	if !ok || rest != "" && rest[0] != ';' {
		return "", "", "", false
	}
	return name, value, strings.Trim(strings.TrimPrefix(rest, ";"), " \t"), true
}

// cutQuoted reads a quoted-string whose first quote is cut off already.
func cutQuoted(s string) (value, rest string, ok bool) {
	if end := strings.IndexAny(s, `"\`); end >= 0 && s[end] == '"' {
		return s[:end], s[end+1:], true
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return b.String(), s[i+1:], true
		case c == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		default:
			b.WriteByte(c)
		}
	}
	return "", "", false
}
