package config

import (
	"strings"
)

// application names what Python loads: "module:callable", "module:factory()"
// or a file, "/srv/x/site.wsgi:application".
func application() kind {
	return ofString("application", `"mysite.wsgi:application"`, `"my site"`, parseApplication, printText)
}

func parseApplication(c *cell, s string) (any, *fault) {
	module, callable, named := cutCallable(s)
	if isFileModule(module) {
		if named && !isCallable(callable) {
			return nil, c.notCallable(callable)
		}
		path := absolute(c.folder, module)
		if named {
			path += ":" + callable
		}
		return path, nil
	}
	switch {
	case module == "":
		return nil, c.fault("This names no application", "%s", c.write(`"mysite.wsgi:application"`))
	case strings.HasSuffix(s, "()") && !named:
		return nil, c.fault("This names no module", "A factory is a function of a module. %s", c.write(quote("module:"+s)))
	case strings.Contains(module, "-") && isDotted(strings.ReplaceAll(module, "-", "_")):
		return nil, c.fault("This is not a module name", "Python cannot import a name with a dash; a file can be given instead. %s",
			c.write(quote("./"+strings.ReplaceAll(module, ".", "/")+".py:application")))
	case !isDotted(module):
		return nil, c.fault("This names no application", "%s is neither a module nor a file. %s", quote(s), c.write(`"mysite.wsgi:application"`))
	case named && !isCallable(callable):
		return nil, c.notCallable(callable)
	}
	return s, nil
}

func (c *cell) notCallable(callable string) *fault {
	return c.fault("This names no callable", "Behind the colon stands a name, or a call without arguments: %s is neither. %s",
		quote(callable), c.write(`"mysite.wsgi:application"`))
}

// cutCallable cuts at the last colon.
func cutCallable(s string) (module, callable string, named bool) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

// isFileModule tells a file from a module name: it has a slash, or ends in
// ".py". "mysite.wsgi" alone is a module, as in every Django project.
func isFileModule(s string) bool {
	return strings.Contains(s, "/") || strings.HasSuffix(s, ".py")
}

func isCallable(s string) bool { return isDotted(strings.TrimSuffix(s, "()")) }

// isDotted reports whether s is one or more Python names joined by dots.
// Python allows letters beyond ASCII, so only what cannot be one is refused.
func isDotted(s string) bool {
	for part := range strings.SplitSeq(s, ".") {
		if part == "" || part[0] >= '0' && part[0] <= '9' || strings.ContainsFunc(part, notPythonName) {
			return false
		}
	}
	return true
}

func notPythonName(r rune) bool {
	return r < 0x80 && r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
}
