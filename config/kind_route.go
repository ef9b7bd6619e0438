package config

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// routePath is a path or glob of a location. What it must look like depends on
// the location's match, so that the location checks it.
func routePath() kind {
	return ofString("request path", `"/api"`, `[]`, func(_ *cell, s string) (any, *fault) { return s, nil }, printText)
}

// canonicalPattern is canonicalRoute for a location's way of matching: paths
// and globs become canonical, a regular expression stays as it is.
func canonicalPattern(match, s string) (pattern, summary, detail string) {
	switch match {
	case "glob":
		return canonicalGlob(s)
	case "regex":
		return canonicalRegex(s)
	}
	return canonicalRoute(s)
}

// canonicalGlob makes a glob canonical, or says what is wrong with it.
func canonicalGlob(s string) (pattern, summary, detail string) {
	if summary, detail := globFault(s); summary != "" {
		return "", summary, detail
	}
	if !strings.Contains(s, "*") {
		return "", "This glob has no wildcard", `It is a plain path. Leave match out, or write a "*" (inside a segment) or "**" (across segments).`
	}
	if !strings.HasPrefix(s, "/") {
		return "", "A location begins with a slash", "Write: " + quote("/"+s) + ", or for any folder: " + quote("/**/"+s)
	}
	// The rules of a path hold for what stands around the stars.
	path, summary, detail := canonicalRoute(strings.ReplaceAll(s, "*", "\uFFFF"))
	if summary != "" {
		return "", summary, strings.ReplaceAll(detail, "\uFFFF", "*")
	}
	return strings.ReplaceAll(path, "\uFFFF", "*"), "", ""
}

// globFault says what a glob has that is no part of that language.
func globFault(s string) (summary, detail string) {
	switch {
	case strings.Contains(s, "***"):
		return "This glob has three stars in a row", `"*" stays inside a segment, "**" goes across segments.`
	case strings.ContainsAny(s, `?[]{}\`):
		return "This is not a glob", `Only "*" (inside a segment) and "**" (across segments) have a meaning. For more, write: match = "regex"`
	}
	return "", ""
}

// canonicalRegex checks a regular expression in the syntax of RE2.
func canonicalRegex(s string) (pattern, summary, detail string) {
	if s == "" {
		return "", "This regular expression is empty", `It would match every path. Write: location "/"`
	}
	if strings.HasPrefix(s, "~") {
		return "", "This regular expression begins with a tilde", "nginx writes one in front of it; here match = \"regex\" says it. Write: location " + quote(strings.TrimLeft(s, "~* "))
	}
	if _, err := regexp.Compile(s); err != nil {
		return "", "This is not a regular expression", regexFault(s, err)
	}
	return s, "", ""
}

// regexFault says what is wrong with a regular expression, and where.
func regexFault(s string, err error) string {
	var fault *syntax.Error
	if !errors.As(err, &fault) {
		return sentence(err.Error()) + "."
	}
	where := ""
	if i := strings.Index(s, fault.Expr); i >= 0 && fault.Expr != "" && fault.Expr != s {
		where = fmt.Sprintf(" at character %d", utf8.RuneCountInString(s[:i])+1)
	}
	detail := fmt.Sprintf("%s%s: %s.", sentence(fault.Code.String()), where, quote(fault.Expr))
	if fault.Code == syntax.ErrInvalidPerlOp || fault.Code == syntax.ErrInvalidEscape {
		detail += " The syntax is RE2's, which has no look-around and no references back."
	}
	return detail
}

// canonicalRoute makes a location path canonical, or says what is wrong with it.
func canonicalRoute(s string) (path, summary, detail string) {
	switch {
	case strings.HasPrefix(s, "= ") || strings.HasPrefix(s, "="):
		return "", "A location begins with a slash", `An exact path is written with match = "exact". Write: location ` + quote(strings.TrimLeft(s, "= "))
	case strings.HasPrefix(s, "~"), strings.HasPrefix(s, "^"), strings.HasSuffix(s, "$") && len(s) > 1:
		return "", "A location is not a regular expression",
			`It matches whole path segments from the start. Write: match = "regex" and a priority, with the expression alone as the label.`
	case strings.HasPrefix(s, "@"):
		return "", "There are no named locations", `What takes a miss is said by "fallback" in static: fallback = pool.NAME`
	case strings.ContainsAny(s, "*"):
		return "", "A location has no wildcards", `It matches everything beneath it anyway. For a pattern, write: match = "glob"`
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
