package config

import (
	"testing"
	"time"
)

func TestParseRate(t *testing.T) {
	good := map[string]requestRate{
		"5/s": {5, time.Second}, "300/m": {300, time.Minute}, "1000/h": {1000, time.Hour}, "1/d": {1, 24 * time.Hour},
		"10/10s": {10, 10 * time.Second}, "3/500ms": {3, 500 * time.Millisecond}, "7/1m30s": {7, 90 * time.Second},
	}
	for text, want := range good {
		if got, why := parseRate(text); why != "" || got != want {
			t.Errorf("%q is %v (%s), want %v", text, got, why, want)
		}
		if again, why := parseRate(unquoted(printRate(want))); why != "" || again != want {
			t.Errorf("%v is printed as %s, which is read as %v", want, printRate(want), again)
		}
	}
	for _, text := range []string{"", "5", "/s", "5/", "5/x", "-1/s", "0/s", "1.5/s", "5//s", "5/0s", "5/1us", "1000001/s", "5 /s"} {
		if got, why := parseRate(text); why == "" {
			t.Errorf("%q is taken for %v", text, got)
		}
	}
	for text, want := range map[string]string{"5r/s": "5/s", "300/min": "300/m", "5 per second": "5/s", "10/hour": "10/h", "rubbish": "5/s"} {
		if got := rateHint(text); got != want {
			t.Errorf("%q gets the hint %q, want %q", text, got, want)
		}
	}
}
