package logsink_test

import (
	"testing"
	"unicode/utf8"

	"github.com/appserve/appserve/listeners/logsink"
)

func TestEscapeLine(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"plain \t line", "plain \t line"},
		{`File "C:\x"`, `File "C:\x"`},
		{"größer 日本", "größer 日本"},
		{"50%\r100%", `50%\r100%`},
		{"a\nb", `a\nb`},
		{"\x1b[31mred\x1b[0m", `\e[31mred\e[0m`},
		{"nul \x00 bell \x07 del \x7f", `nul \x00 bell \x07 del \x7f`},
		{"c1 \u009b31m", `c1 \x9b31m`},
		{"latin \xe9\xff", `latin \xe9\xff`},
		{"cut \xe6\x97", `cut \xe6\x97`},
		{"real \uFFFD", "real \uFFFD"},
	} {
		if got := string(logsink.EscapeLine([]byte(c.in))); got != c.want {
			t.Errorf("EscapeLine(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func FuzzEscapeLine(f *testing.F) {
	f.Add([]byte("a\x1b\xff\u009b\r"))
	f.Fuzz(func(t *testing.T, line []byte) {
		got := logsink.EscapeLine(line)
		if !utf8.Valid(got) {
			t.Fatalf("%q is not UTF-8", got)
		}
		for _, r := range string(got) {
			if r != '\t' && (r < ' ' || r >= 0x7f && r < 0xa0) {
				t.Fatalf("%q holds %U", got, r)
			}
		}
		if again := logsink.EscapeLine(got); string(again) != string(got) {
			t.Fatalf("escaping twice changes %q to %q", got, again)
		}
	})
}
