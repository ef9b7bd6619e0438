package acceptencoding

import "testing"

func TestChoose(t *testing.T) {
	for field, want := range map[string]string{
		"":                                   "",
		"gzip":                               "gzip",
		"gzip, deflate, br":                  "br",
		"gzip, deflate, br, zstd":            "br",
		"GZIP":                               "gzip",
		"x-gzip":                             "gzip",
		"*":                                  "br",
		"*;q=0":                              "",
		"gzip;q=0":                           "",
		"gzip;q=0, *":                        "br",
		"br;q=0, *":                          "zstd",
		"br;q=0,zstd;q=0.0,gzip;q=0.000, *":  "",
		"gzip;q=1.0, br;q=0.5":               "gzip",
		"br;q=0.5, gzip;q=0.5":               "br",
		"gzip;q=0.501, br;q=0.5":             "gzip",
		" gzip ; q=0.8 ,\tzstd ; Q=0.9":      "zstd",
		"identity":                           "",
		"identity, gzip":                     "gzip",
		"identity;q=1, gzip;q=0.5":           "",
		"identity;q=0.5, gzip;q=0.5":         "gzip",
		"identity;q=0":                       "",
		"identity;q=0, gzip":                 "gzip",
		"identity;q=0, gzip;q=0.1":           "gzip",
		"compress, gzipped, deflate":         "",
		"gzip;q=2":                           "",
		"gzip;q=1.5":                         "",
		"gzip;q=0.1234":                      "",
		"gzip;q=":                            "",
		"gzip;q=-1":                          "",
		"gzip;q=.5":                          "",
		"gzip;level=9":                       "",
		"gzip;q=1.":                          "gzip",
		",,gzip,":                            "gzip",
		"deflate;q=0.5,gzip;q=0.3,*;q=0.001": "gzip",
	} {
		if got := Choose(field, []string{"br", "zstd", "gzip"}); got != want {
			t.Errorf("%q: %q, want %q", field, got, want)
		}
	}
	if got := Choose("gzip, br", []string{"gzip"}); got != "gzip" {
		t.Errorf("only gzip is offered: %q", got)
	}
	if got := Choose("gzip", nil); got != "" {
		t.Errorf("nothing is offered: %q", got)
	}
}

func FuzzChoose(f *testing.F) {
	f.Add("gzip;q=0.5, *;q=0, br")
	f.Add("identity;q=0,,;;=")
	f.Fuzz(func(t *testing.T, field string) {
		switch got := Choose(field, []string{"zstd", "gzip"}); got {
		case "", "zstd", "gzip":
		default:
			t.Fatalf("%q: %q was not offered", field, got)
		}
	})
}

func BenchmarkChoose(b *testing.B) {
	offered := []string{"zstd", "gzip"}
	b.ReportAllocs()
	for b.Loop() {
		if Choose("gzip, deflate, br, zstd", offered) != "zstd" {
			b.Fatal("wrong coding")
		}
	}
}
