package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestLossNotice_SpeaksTheFormatOfTheLog(t *testing.T) {
	n := &lossNotice{now: func() time.Time { return time.Unix(0, 0) }}
	if got, want := string(n.line("stderr", 7)), "1970-01-01T00:00:00.000Z [WARN]  log: 7 lines lost: output=stderr\n"; got != want {
		t.Errorf("text notice is %q, want %q", got, want)
	}
	n.json.Store(true)
	var line map[string]any
	text := string(n.line("/var/log/a b.log", 7))
	if err := json.Unmarshal([]byte(text), &line); err != nil || !strings.HasSuffix(text, "\n") {
		t.Fatalf("JSON notice is %q: %v", text, err)
	}
	if line["@message"] != "7 lines lost" || line["output"] != "/var/log/a b.log" {
		t.Errorf("JSON notice says %v", line)
	}
}
