package config

import (
	"strings"
)

// routePath is a path of a location in canonical form: decoded, without a
// trailing slash.
func routePath() kind {
	return ofString("request path", `"/api"`, `"api"`, func(c *cell, s string) (any, *fault) {
		path, summary, detail := canonicalRoute(s)
		if summary != "" {
			return nil, c.fault(summary, "%s", detail)
		}
		return path, nil
	}, printText)
}

// canonicalRoute makes a location path canonical, or says what is wrong with it.
func canonicalRoute(s string) (path, summary, detail string) {
	switch {
	case strings.HasPrefix(s, "= ") || strings.HasPrefix(s, "="):
		return "", "A location begins with a slash", `An exact path is written with match = "exact". Write: location ` + quote(strings.TrimLeft(s, "= "))
	case strings.HasPrefix(s, "~"), strings.HasPrefix(s, "^"), strings.HasSuffix(s, "$") && len(s) > 1:
		return "", "A location is not a regular expression",
			`It matches whole path segments from the start; match = "regex" comes with the stage "front".`
	case strings.HasPrefix(s, "@"):
		return "", "There are no named locations", `What takes a miss is said by "fallback" in static: fallback = pool.NAME`
	case strings.ContainsAny(s, "*"):
		return "", "A location has no wildcards", `It matches everything beneath it anyway; match = "glob" comes with the stage "front".`
	case !strings.HasPrefix(s, "/"):
		return "", "A location begins with a slash", "Write: " + quote("/"+s)
	case strings.ContainsAny(s, "?#"):
		return "", "A location is only a path", "What follows a ? or # does not take part in routing."
	case strings.Contains(s, "%"):
		return "", "A location is written decoded", `Requests are decoded before they are matched: write "/a b", not "/a%20b".`
	case strings.ContainsFunc(s, isControl):
		return "", "A location holds a control character", "No request path could match it."
	}
	var segments []string
	for segment := range strings.SplitSeq(s, "/") {
		switch segment {
		case "":
		case ".", "..":
			return "", "A location has no dot segments", "Requests are cleaned of them before they are matched."
		default:
			segments = append(segments, segment)
		}
	}
	return "/" + strings.Join(segments, "/"), "", ""
}

// covers reports whether a prefix location at path answers for other too.
func covers(path, other string) bool {
	return path == "/" || other == path || strings.HasPrefix(other, path+"/")
}

// mountPath is a script_name: "" or a path without a trailing slash.
func mountPath() kind {
	return ofString("path or empty", `"/app"`, `"app"`, func(c *cell, s string) (any, *fault) {
		switch {
		case s == "":
			return s, nil
		case s == "/":
			return nil, c.fault("A mount at the root is empty", "%s", c.write(`""`))
		}
		path, summary, detail := canonicalRoute(s)
		if summary != "" {
			return nil, c.fault(strings.Replace(summary, "A location", "A script_name", 1), "%s", strings.Replace(detail, "location ", "", 1))
		}
		return path, nil
	}, printText)
}

// headerValue is text that can stand in a response header.
func headerValue(example string) kind {
	return ofString("header value", example, `"a\nb"`, func(c *cell, s string) (any, *fault) {
		if s == "" || s != strings.TrimSpace(s) {
			return nil, c.fault("This header value is empty or has space around it", "%s", c.write(example))
		}
		if strings.ContainsFunc(s, func(r rune) bool { return isControl(r) || r > 0x7e }) {
			return nil, c.fault("This cannot stand in a header", "A header value holds no line breaks, control or foreign characters. %s", c.write(example))
		}
		return s, nil
	}, printText)
}
