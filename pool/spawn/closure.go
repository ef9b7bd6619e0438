package spawn

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"syscall"
	"time"
)

// closure is one call of Close.
type closure struct {
	ctx    context.Context
	result chan error
}

// killEvery is how often what is left is looked for: ending a process may
// orphan others, and what is killed needs a moment.
const killEvery = 10 * time.Millisecond

// end kills and collects until nothing is left or ctx ends.
func (s *Spawner) end(ctx context.Context) error {
	ticker := time.NewTicker(killEvery)
	defer ticker.Stop()
	for {
		s.collect()
		s.orphans.reap(s.children)
		rest := s.rest()
		if len(rest) == 0 {
			return nil
		}
		for _, p := range s.children {
			_ = p.SignalGroup(syscall.SIGKILL) // an error shows in rest
		}
		s.orphans.kill(s.children)
		select {
		case <-s.sigchld:
		case <-ticker.C:
		case <-ctx.Done():
			return fmt.Errorf("ending the last processes: %w: still there: %s", ctx.Err(), strings.Join(rest, ", "))
		}
	}
}

// rest names everything that is still there.
func (s *Spawner) rest() []string {
	pids := slices.AppendSeq(s.orphans.list(s.children), maps.Keys(s.children))
	slices.Sort(pids)
	var names []string
	for _, pid := range pids {
		names = append(names, fmt.Sprintf("%d (%s)", pid, commandOf(pid)))
	}
	return names
}
