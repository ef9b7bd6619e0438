package variable

import (
	"encoding/json"
	"testing"
)

// given is a source that has one value for everything.
type given string

func (g given) AppendVariable(dst []byte, _ ID, _ string) []byte { return append(dst, g...) }

func TestEscapeFor(t *testing.T) {
	for contentType, want := range map[string]Escape{
		"text/html": HTML, "Text/HTML; charset=utf-8": HTML, "application/xhtml+xml": HTML, "image/svg+xml": HTML, "application/xml": HTML, "text/xml ": HTML,
		"application/json": JSON, "application/problem+json; charset=utf-8": JSON, "text/plain": Plain, "": Plain, "text/css": Plain,
	} {
		if got := EscapeFor(contentType); got != want {
			t.Errorf("%q: %v, want %v", contentType, got, want)
		}
	}
}

func TestEscapeJSON(t *testing.T) {
	template, err := Compile([]Part{{Literal: `{"path": "`}, {Variable: "path"}, {Literal: `"}`}})
	if err != nil {
		t.Fatal(err)
	}
	for value, want := range map[string]string{"/a": "/a", `/"}</script>` + "\n\x00": `/"}</script>` + "\n\x00", "/\xff": "/\ufffd", "": ""} {
		var got struct{ Path string }
		text := template.Append(nil, given(value), JSON)
		if err := json.Unmarshal(text, &got); err != nil || got.Path != want {
			t.Errorf("%q: %s, %v", value, text, err)
		}
	}
}

// Groups are cut out of the decoded path, so they are encoded like the path.
func TestEscapeURLOfGroups(t *testing.T) {
	template, err := Compile([]Part{{Literal: "/new/"}, {Variable: "match_", Argument: "name"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := string(template.Append(nil, given("a b?c#d%\r\n/ä"), URL)); got != "/new/a%20b%3Fc%23d%25%0D%0A/%C3%A4" {
		t.Error(got)
	}
}

func TestConstant(t *testing.T) {
	for _, c := range []struct {
		parts []Part
		text  string
		ok    bool
	}{
		{nil, "", true},
		{[]Part{{Literal: "a"}, {Literal: "b"}}, "ab", true},
		{[]Part{{Literal: "a"}, {Variable: "host"}}, "", false},
	} {
		template, err := Compile(c.parts)
		if err != nil {
			t.Fatal(err)
		}
		if text, ok := template.Constant(); text != c.text || ok != c.ok {
			t.Errorf("%v: %q, %v", c.parts, text, ok)
		}
	}
}
