package variable

import (
	"strings"
	"testing"
)

// values is a Source of fixed values, by name and argument.
type values map[string]string

func (v values) AppendVariable(dst []byte, id ID, argument string) []byte {
	return append(dst, v[id.String()+argument]...)
}

func TestTemplate(t *testing.T) {
	request := values{
		"host": "a.example", "path": "/a b?\"é%#", "args": "q=\"<1>\"&r=%20", "http_User-Agent": "x\n\\", "rest": "", "arg_q": "1",
	}
	for _, c := range []struct {
		name   string
		parts  []Part
		escape Escape
		want   string
	}{
		{"literal text is never escaped", []Part{{Literal: "\"<é>\" "}, {Variable: "host"}}, LogLine, "\"<é>\" a.example"},
		{"plain", []Part{{Variable: "path"}}, Plain, "/a b?\"é%#"},
		{"a decoded path in a URL", []Part{{Variable: "path"}}, URL, "/a%20b%3F%22%C3%A9%25%23"},
		{"raw values in a URL stay valid ones", []Part{{Literal: "?"}, {Variable: "args"}}, URL, "?q=%22%3C1%3E%22&r=%20"},
		{"in a log line", []Part{{Variable: "path"}}, LogLine, `/a b?\x22\xC3\xA9%#`},
		{"control bytes in a log line", []Part{{Variable: "http_", Argument: "user_agent"}}, LogLine, `x\x0A\x5C`},
		{"line breaks in a URL", []Part{{Variable: "http_", Argument: "user_agent"}}, URL, `x%0A%5C`},
		{"nothing in a log line", []Part{{Literal: "["}, {Variable: "rest"}, {Literal: "]"}}, LogLine, "[-]"},
		{"nothing elsewhere", []Part{{Literal: "["}, {Variable: "rest"}, {Literal: "]"}}, Plain, "[]"},
		{"markup", []Part{{Variable: "args"}}, HTML, "q=&#34;&lt;1&gt;&#34;&amp;r=%20"},
		{"a free tail", []Part{{Variable: "arg_", Argument: "q"}}, Plain, "1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			template, err := Compile(c.parts)
			if err != nil {
				t.Fatal(err)
			}
			if got := string(template.Append([]byte("> "), request, c.escape)); got != "> "+c.want {
				t.Errorf("got %q, want %q", got, "> "+c.want)
			}
		})
	}
}

func TestCompileRefusesUnknown(t *testing.T) {
	_, err := Compile([]Part{{Variable: "http2"}})
	if err == nil || !strings.Contains(err.Error(), "$http2") {
		t.Errorf("error %v", err)
	}
}

func TestUses(t *testing.T) {
	template, err := Compile([]Part{{Literal: "x"}, {Variable: "host"}})
	if err != nil {
		t.Fatal(err)
	}
	if !template.Uses(Host) || template.Uses(Path) || Text("$path").Uses(Path) {
		t.Error("Uses is wrong")
	}
}

func TestEveryNameIsFound(t *testing.T) {
	seen := map[string]bool{}
	for id := None + 1; id <= TLSClientFingerprint; id++ {
		name := id.String()
		if name == "" || seen[name] {
			t.Errorf("variable %d is called %q", id, name)
		}
		seen[name] = true
		if got, ok := Lookup(name); !ok || got != id {
			t.Errorf("Lookup(%q) = %v, %v", name, got, ok)
		}
	}
	for _, name := range []string{"", "none", "http", "unknown"} {
		if id, ok := Lookup(name); ok {
			t.Errorf("Lookup(%q) = %v", name, id)
		}
	}
}
