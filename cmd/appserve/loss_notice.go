package main

import (
	"encoding/json"
	"fmt"
	"sync/atomic"
	"time"
)

// lossNotice words the line that says how many log lines an output lost, in
// the format that appserve's own log has.
type lossNotice struct {
	json atomic.Bool
	now  func() time.Time
}

// line implements logsink.Options.Notice.
func (n *lossNotice) line(output string, lost int64) []byte {
	now := n.now().UTC()
	if !n.json.Load() {
		return fmt.Appendf(nil, "%s [WARN]  log: %d lines lost: output=%s\n", now.Format(logTimeFormat), lost, output)
	}
	line, err := json.Marshal(map[string]any{
		"@timestamp": now.Format(logTimeFormat), "@level": "warn", "@module": "log",
		"@message": fmt.Sprintf("%d lines lost", lost), "output": output, "lost": lost,
	})
	if err != nil {
		panic(err) // strings and numbers always marshal
	}
	return append(line, '\n')
}
