package config

import (
	"net/netip"
	"strings"

	"golang.org/x/net/idna"
)

// hostPattern is a host name, "*.example.com" or "*", as lower case A-labels.
func hostPattern() kind {
	return ofString("host", `"www.example.com"`, `"example.*"`, parseHostPattern, printText)
}

// plainHost is one host name.
func plainHost() kind {
	return ofString("host", `"www.example.com"`, `"*.example.com"`, func(c *cell, s string) (any, *fault) {
		host, f := parseHostPattern(c, s)
		if f == nil && strings.Contains(host.(string), "*") {
			return nil, c.fault("This is not one host", "A redirect leads to one. %s", c.write(quote(strings.TrimPrefix(strings.TrimPrefix(s, "*"), "."))))
		}
		return host, f
	}, printText)
}

func parseHostPattern(c *cell, s string) (any, *fault) {
	switch {
	case s == "*":
		return s, nil
	case s == "" || s == "_":
		return nil, c.fault("This host is a catch-all of nginx", `Every host is "*", and so it is without "hosts". %s`, c.write(`"*"`))
	case strings.HasPrefix(s, "."):
		return nil, c.fault("This host begins with a dot", "A domain and what is below it are two hosts. Write: %s, %s", quote(s[1:]), quote("*"+s))
	case strings.HasPrefix(s, "~"), strings.HasPrefix(s, "^"):
		return nil, c.fault("A host is not a regular expression", `Hosts are written out, or begin with "*.". Write: "*.example.com"`)
	case strings.Contains(s, "/"):
		return nil, c.fault("A host is not a URL", "No scheme and no path belong here. %s", c.write(quote(hostOfURL(s))))
	}
	if strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") {
		if ip, err := netip.ParseAddr(s[1 : len(s)-1]); err == nil && ip.Is6() {
			return "[" + ip.String() + "]", nil
		}
	}
	if host, port, ok := strings.Cut(s, ":"); ok && !strings.Contains(port, ":") {
		return nil, c.fault("A host has no port", "Which port a site answers on is said by its listeners. %s", c.write(quote(host)))
	}
	rest, wild := strings.CutPrefix(s, "*.")
	name, why := asciiHost(rest)
	if why != "" {
		return nil, c.fault("This host cannot be used", "%s %s. Write a name such as \"www.example.com\" or \"*.example.com\".", quote(s), why)
	}
	if wild {
		name = "*." + name
	}
	return name, nil
}

func hostOfURL(s string) string {
	if _, rest, ok := strings.Cut(s, "://"); ok {
		s = rest
	}
	host, _, _ := strings.Cut(s, "/")
	host, _, _ = strings.Cut(host, ":")
	if host == "" {
		return "www.example.com"
	}
	return host
}

// asciiHost is a host name as lower case A-labels. why says what is wrong
// with it, as the end of a sentence.
func asciiHost(s string) (name, why string) {
	s = strings.TrimSuffix(s, ".")
	if strings.Contains(s, "*") {
		return "", `has a "*" elsewhere than in front`
	}
	// Underscores are no host names, but container names have them.
	ascii, err := idna.Lookup.ToASCII(strings.ReplaceAll(s, "_", "x"))
	switch {
	case s == "":
		return "", "is empty"
	case err != nil:
		return "", "is not a host name"
	case len(ascii) > 253:
		return "", "is longer than a host name can be"
	}
	if strings.Contains(s, "_") {
		ascii = strings.ToLower(s)
		if strings.ContainsFunc(ascii, func(r rune) bool { return r > 0x7e }) {
			return "", "is not a host name"
		}
	}
	for label := range strings.SplitSeq(ascii, ".") {
		if label == "" || len(label) > 63 {
			return "", "has an empty or overlong part"
		}
	}
	return ascii, ""
}
