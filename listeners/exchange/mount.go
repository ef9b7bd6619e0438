package exchange

import (
	"strings"

	"github.com/appserve/appserve/listeners/canonical"
)

// Path is the canonical path of the request.
func (x *Exchange) Path() string { return x.path }

// Rest is what follows the location's path, with its slash: "" for /static
// itself, "/a.css" for /static/a.css, the whole path in the location "/".
func (x *Exchange) Rest() string { return x.path[x.matched:] }

// Mount gives SCRIPT_NAME and PATH_INFO (language, section 8).
func (x *Exchange) Mount() (scriptName, pathInfo string) {
	if x.route == nil {
		return "", x.path
	}
	prefix := x.prefix()
	switch {
	case x.route.StripPrefix:
		return prefix, x.Rest()
	case prefix == "":
		return "", x.path
	default:
		// Mounted by somebody in front of us, who may have cut the prefix already.
		if rest, ok := cutSegments(x.path, prefix); ok {
			return prefix, rest
		}
		return prefix, x.path
	}
}

// ForwardedPrefix is the value of X-Forwarded-Prefix for an upstream; empty: none.
func (x *Exchange) ForwardedPrefix() string {
	if x.route == nil {
		return ""
	}
	return x.prefix()
}

// prefix is where the application is mounted: script_name if it is set, else
// what strip_prefix cuts.
func (x *Exchange) prefix() string {
	switch {
	case x.route.ScriptName != nil:
		return strings.TrimSuffix(*x.route.ScriptName, "/")
	case x.route.StripPrefix:
		return x.path[:x.matched]
	default:
		return ""
	}
}

// UpstreamTarget is the request target for an upstream, with its query: the
// client's own spelling, unless the prefix is cut.
func (x *Exchange) UpstreamTarget() string {
	if x.route == nil || !x.route.StripPrefix || x.matched == 0 {
		return x.target
	}
	path := canonical.Escape(x.Rest())
	if path == "" {
		path = "/"
	}
	if i := strings.IndexByte(x.target, '?'); i >= 0 {
		return path + x.target[i:]
	}
	return path
}

// cutSegments cuts whole segments off the front of a path.
func cutSegments(path, prefix string) (rest string, ok bool) {
	rest, ok = strings.CutPrefix(path, prefix)
	return rest, ok && (rest == "" || rest[0] == '/')
}
