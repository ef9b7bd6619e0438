package config

import (
	"net/textproto"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/hashicorp/hcl/v2"
)

// headerName is the name of a header. refuse, when given, says why a name that
// is well-formed cannot be used, or "".
func headerName(example string, refuse func(name string) string) kind {
	return ofString("header name", example, `"X Note"`, func(c *cell, s string) (any, *fault) {
		if why := headerNameFault(s, refuse); why != "" {
			return nil, c.fault("This header cannot be used here", "%s %s", quote(s), why)
		}
		return s, nil
	}, printText)
}

// headerNameFault says what is wrong with the name of a header, as the end of
// a sentence; empty when nothing is.
func headerNameFault(s string, refuse func(name string) string) string {
	switch {
	case s == "":
		return "is empty."
	case strings.HasSuffix(s, ":"):
		return "ends in a colon, which is not part of the name. Write: " + quote(strings.TrimRight(s, ":"))
	case strings.ContainsFunc(s, func(r rune) bool { return !isTokenRune(r) }):
		return "is not the name of a header: letters, digits and \"-\"."
	case refuse != nil:
		return refuse(textproto.CanonicalMIMEHeaderKey(s))
	}
	return ""
}

// isTokenRune reports whether a character may stand in a token (RFC 9110, section 5.6.2).
func isTokenRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("!#$%&'*+-.^_`|~", r)
}

// framingFault answers headers that belong to one connection, or say where a
// message ends: appserve alone knows them.
func framingFault(name string) string {
	switch name {
	case "Content-Length", "Transfer-Encoding":
		return "says where a message ends, and only appserve knows that. Leave it out."
	case "Connection", "Keep-Alive", "Upgrade", "Te", "Trailer", "Proxy-Connection", "Expect", "Http2-Settings":
		return "is about one connection, and appserve writes it itself. Leave it out."
	case "Host":
		return "is what the request was routed by, and it arrives as it came. Leave it out."
	}
	return ""
}

// responseHeaderFault answers headers that response_headers must not touch.
func responseHeaderFault(name string) string {
	if why := framingFault(name); why != "" {
		return why
	}
	switch name {
	case "Content-Encoding":
		return "says how the body is coded, which a header cannot change. Write: compress {}"
	case "Date":
		return "says when the answer was made, and appserve always says so. Leave it out."
	case "Content-Range":
		return "says which part of a file the body is. Leave it out."
	}
	return ""
}

// requestHeaderFault answers headers that request_headers must not touch.
func requestHeaderFault(name string) string {
	if why := framingFault(name); why != "" {
		return why
	}
	switch name {
	case "Forwarded", "X-Real-Ip", "X-Request-Id", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Prefix":
		return "tells who the client is; appserve always sets it, from what the listener's trusted_proxies allow. Leave it out."
	case "Proxy":
		return "would become HTTP_PROXY, which some libraries take for a setting. Leave it out."
	}
	if strings.ContainsFunc(name, func(r rune) bool {
		return r != '-' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) {
		return `would be mixed up with other names on its way into WSGI, where "-" becomes "_": only letters, digits and "-".`
	}
	return ""
}

// headerField is one pair of a map of headers.
type headerField struct {
	name  string // as it was written
	value Template
	at    hcl.Range
}

// headerMap is a map from header names to templates.
func headerMap(example string, refuse func(name string) string) kind {
	return kind{
		name: "map of headers", example: example, bad: `{ "X Note" = "a" }`, print: printHeaders,
		readExpr: func(c *cell) (any, *fault) {
			v, f := c.evaluate(c.expr)
			if f != nil || v.IsNull() {
				return nil, f
			}
			if !v.Type().IsObjectType() && !v.Type().IsMapType() {
				if c.setting.placeholder {
					return nil, nil
				}
				return nil, c.fault("This is a map", "It is %s. %s", typeName(v), c.write(example))
			}
			return c.readHeaders(v, refuse)
		},
	}
}

func (c *cell) readHeaders(v cty.Value, refuse func(name string) string) (any, *fault) {
	places := mapPlaces(c.expr)
	fields := []headerField{}
	first := map[string]headerField{}
	for it := v.ElementIterator(); it.Next(); {
		key, one := it.Element()
		name := key.AsString()
		sub := c.sub(nil)
		if at, ok := places[name]; ok {
			sub.at = at
		}
		if why := headerNameFault(name, refuse); why != "" {
			return nil, sub.fault("This header cannot be used here", "%s %s", quote(name), why)
		}
		if before, again := first[strings.ToLower(name)]; again {
			f := sub.fault("A header is named twice", "%s and %s are one header: names compare without case. Leave one of them out.", quote(before.name), quote(name))
			f.related = []related{{"the other one is here", before.at}}
			return nil, f
		}
		if one.IsNull() {
			continue
		}
		field, f := sub.readHeader(name, one)
		if f != nil {
			return nil, f
		}
		first[strings.ToLower(name)] = field
		fields = append(fields, field)
	}
	return fields, nil
}

// readHeader reads the value of one header.
func (c *cell) readHeader(name string, v cty.Value) (headerField, *fault) {
	converted, err := convert.Convert(v, cty.String)
	if err != nil {
		return headerField{}, c.fault("This value is not text", "%s is %s. Write text in quotes.", quote(name), typeName(v))
	}
	text := converted.AsString()
	switch {
	case strings.TrimSpace(text) == "":
		return headerField{}, c.fault("This header is empty", "A header is taken away by its name. Write: remove = [%s]", quote(name))
	case text != strings.TrimSpace(text):
		return headerField{}, c.fault("This header value has space around it", "Write: %s = %s", printKey(name), quote(strings.TrimSpace(text)))
	case strings.ContainsFunc(text, func(r rune) bool { return isControl(r) || r > 0x7e }):
		return headerField{}, c.fault("This cannot stand in a header", "A header value holds no line breaks, control or foreign characters.")
	}
	t, f := c.parseTemplate(text, nil)
	if f != nil {
		if c.setting.sensitive {
			f.detail = "The value is sensitive, so it is not shown. A dollar sign in it is written \"$$\"."
		}
		return headerField{}, f
	}
	return headerField{name, t.(Template), c.at}, nil
}

func printHeaders(v any) string {
	var entries []entry
	for _, f := range v.([]headerField) {
		entries = append(entries, entry{key: f.name, value: f.value.Text})
	}
	return printMap(entries)
}

// method is an HTTP method.
func method() kind {
	return ofString("method", `"GET"`, `"get"`, func(c *cell, s string) (any, *fault) {
		switch {
		case s == "*":
			return nil, c.fault("This is not a method", "Any method is allowed when the line is left out.")
		case s == "" || strings.ContainsFunc(s, func(r rune) bool { return !isTokenRune(r) }):
			return nil, c.fault("This is not a method", "%s is not the name of a method. %s", quote(s), c.write(`"GET"`))
		case s != strings.ToUpper(s):
			return nil, c.fault("A method is written in capitals", "Methods compare with case. %s", c.write(quote(strings.ToUpper(s))))
		case s == "CONNECT":
			return nil, c.fault("This method is never allowed", "appserve is no forward proxy. Leave %s out.", quote(s))
		}
		return s, nil
	}, printText)
}
