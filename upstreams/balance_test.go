package upstreams

import (
	"strings"
	"testing"
	"time"
)

// bench is a group that is only asked to choose, on a clock of its own.
type bench struct {
	*Group
	now time.Time
}

func newBench(t *testing.T, edit func(*Config), servers ...Server) *bench {
	b := &bench{now: time.Unix(1e9, 0)}
	for i := range servers {
		servers[i].Name = string(rune('a' + i))
		servers[i].Network, servers[i].Address = "tcp", "127.0.0.1:1"
		servers[i].Weight = max(servers[i].Weight, 1)
	}
	b.Group = groupOf(t, func(c *Config, o *Options) {
		o.Now = func() time.Time { return b.now }
		if edit != nil {
			edit(c)
		}
	}, servers...)
	return b
}

// choose lets n requests begin and returns the names of their servers.
func (b *bench) choose(n int) string {
	var names strings.Builder
	for range n {
		s, busy := b.acquire(nil)
		switch {
		case s != nil:
			names.WriteString(s.Name)
		case busy:
			names.WriteString("!")
		default:
			names.WriteString("-")
		}
	}
	return names.String()
}

func roundRobin(c *Config) { c.Balance = RoundRobin }

func TestBalance(t *testing.T) {
	cases := []struct {
		name    string
		edit    func(*Config)
		servers []Server
		want    string
	}{
		{"round robin", roundRobin, []Server{{}, {}, {}}, "abcabc"},
		{"round robin, weights spread", roundRobin, []Server{{Weight: 5}, {}, {}}, "aabacaaaabacaa"},
		{"round robin ignores load", roundRobin, []Server{{}, {Weight: 2}}, "babbab"},
		{"fewest requests", nil, []Server{{}, {}}, "abba"},
		{"fewest requests for the weight", nil, []Server{{Weight: 3}, {}}, "abaaabaa"},
		{"limit", nil, []Server{{MaxConnections: 1}, {MaxConnections: 2}}, "abb!!"},
		{"backup only when the others are full", nil, []Server{{MaxConnections: 2}, {Backup: true, MaxConnections: 1}}, "aab!"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, c.edit, c.servers...)
			if got := b.choose(len(c.want)); got != c.want {
				t.Errorf("chose %s, want %s", got, c.want)
			}
		})
	}
}

func TestBalance_ReleaseCounts(t *testing.T) {
	b := newBench(t, nil, Server{}, Server{})
	s, _ := b.acquire(nil)
	first := s.Name
	b.choose(1)
	b.release(s)
	if got := b.choose(1); got != first {
		t.Errorf("chose %s although %s is free", got, first)
	}
}
