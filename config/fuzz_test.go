package config

import (
	"os"
	"path/filepath"
	"testing"
)

// FuzzLoad feeds any text to a load, as HCL and as JSON. It must not panic,
// must say the same twice, and must say where each mistake is.
func FuzzLoad(f *testing.F) {
	for _, pattern := range []string{"testdata/invalid/*.hcl", "testdata/valid/*.hcl", "testdata/valid/*.json"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(text), filepath.Ext(name) == ".json")
		}
	}
	f.Fuzz(func(t *testing.T, text string, json bool) {
		if len(text) > 4096 {
			return
		}
		name := "fuzz.hcl"
		if json {
			name += ".json"
		}
		load := func() *Loaded {
			o := testOptions()
			o.system.readFile = func(string) ([]byte, error) { return []byte(text), nil }
			l, out := newLoading(o)
			l.run(out, []string{name})
			return out
		}
		first := load()
		for _, d := range first.diagnostics.list {
			if d.at.Filename == "" || d.at.Start.Line < 1 {
				t.Errorf("no place: %s: %s", d.summary, d.detail)
			}
		}
		if a, b := textOf(first), textOf(load()); a != b {
			t.Errorf("two runs differ:\n%s\n%s", a, b)
		}
		if !first.HasErrors() {
			if dumped := dumpOf(t, first); loadText(t, dumped).HasErrors() {
				t.Errorf("the dump does not load:\n%s\n%s", dumped, textOf(loadText(t, dumped)))
			}
		}
	})
}
