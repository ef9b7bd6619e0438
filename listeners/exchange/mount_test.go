package exchange

import "testing"

func TestMount(t *testing.T) {
	app, none, deep := "/app", "", "/a/b/"
	for _, c := range []struct {
		name                string
		route               Route
		target              string
		matched             int
		script, info, rest  string
		upstream, forwarded string
	}{
		{"nothing", Route{}, "/app/x?q=1", 4, "", "/app/x", "/x", "/app/x?q=1", ""},
		{"nothing, odd spelling", Route{}, "/app//%78?q", 4, "", "/app/x", "/x", "/app//%78?q", ""},
		{"strip_prefix", Route{StripPrefix: true}, "/app/x?q=1", 4, "/app", "/x", "/x", "/x?q=1", "/app"},
		{"strip_prefix, the prefix alone", Route{StripPrefix: true}, "/app", 4, "/app", "", "", "/", "/app"},
		{"strip_prefix, with slash and query", Route{StripPrefix: true}, "/app/?q", 4, "/app", "/", "/", "/?q", "/app"},
		{"strip_prefix, spelled anew", Route{StripPrefix: true}, "/app/a%20b%2Fc", 4, "/app", "/a b/c", "/a b/c", "/a%20b/c", "/app"},
		{"strip_prefix at /", Route{StripPrefix: true}, "/x", 0, "", "/x", "/x", "/x", ""},
		{"script_name", Route{ScriptName: &app}, "/app/x", 0, "/app", "/x", "/app/x", "/app/x", "/app"},
		{"script_name, cut by somebody else", Route{ScriptName: &app}, "/x", 0, "/app", "/x", "/x", "/x", "/app"},
		{"script_name, not a segment", Route{ScriptName: &app}, "/apple", 0, "/app", "/apple", "/apple", "/apple", "/app"},
		{"script_name with a slash", Route{ScriptName: &deep}, "/a/b/c", 0, "/a/b", "/c", "/a/b/c", "/a/b/c", "/a/b"},
		{"cut without mount", Route{StripPrefix: true, ScriptName: &none}, "/app/x?q", 4, "", "/x", "/x", "/x?q", ""},
		{"cut and mounted elsewhere", Route{StripPrefix: true, ScriptName: &app}, "/old/x", 4, "/app", "/x", "/x", "/x", "/app"},
		{"absolute-form", Route{}, "http://example.com/x?q", 0, "", "/x", "/x", "/x?q", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			x, _ := begin(t, request("GET", c.target), &c.route, c.matched)
			if script, info := x.Mount(); script != c.script || info != c.info {
				t.Errorf("Mount %q %q, want %q %q", script, info, c.script, c.info)
			}
			if got := x.Rest(); got != c.rest {
				t.Errorf("Rest %q, want %q", got, c.rest)
			}
			if got := x.UpstreamTarget(); got != c.upstream {
				t.Errorf("UpstreamTarget %q, want %q", got, c.upstream)
			}
			if got := x.ForwardedPrefix(); got != c.forwarded {
				t.Errorf("ForwardedPrefix %q, want %q", got, c.forwarded)
			}
		})
	}
}
