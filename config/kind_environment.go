package config

import (
	"path"
	"strings"
)

// command is a program: a path, or a name that is looked up on PATH.
func command() kind {
	paths := filePath()
	return ofString("path or command", `"python3"`, `"python3 -O"`, func(c *cell, s string) (any, *fault) {
		if strings.Contains(s, "/") {
			return paths.read(c, ctyString(s))
		}
		if s == "" || strings.ContainsAny(s, " \t") {
			return nil, c.fault("This is not a program", "There is no shell and no arguments here. %s", c.write(`"python3"`))
		}
		return s, nil
	}, printText)
}

// checkEnvironmentName says what is wrong with the name of an environment variable.
func checkEnvironmentName(name string) string {
	if !isPlainName(name) {
		return "is not the name of an environment variable: letters, digits and \"_\""
	}
	return ""
}

// environmentPattern is the name of an environment variable, or a pattern with "*".
func environmentPattern() kind {
	return ofString("name or pattern", `"LC_*"`, `"A B"`, func(c *cell, s string) (any, *fault) {
		if _, err := path.Match(s, ""); err != nil || !isPlainName("a"+strings.Map(dropWildcards, s)) || s == "" {
			return nil, c.fault("This is not the name of an environment variable", "%s is neither a name nor a pattern with \"*\". %s", quote(s), c.write(`"LC_*"`))
		}
		return s, nil
	}, printText).called("names or patterns")
}

func dropWildcards(r rune) rune {
	if r == '*' || r == '?' {
		return -1
	}
	return r
}

// unquoted is a printed value for use in a sentence.
func unquoted(s string) string { return strings.Trim(s, `"`) }
