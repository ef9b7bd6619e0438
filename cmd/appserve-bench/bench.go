package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// bench is one comparison.
type bench struct {
	options  options
	works    []work
	peers    []peer
	dir      string // everything it writes; removed at the end
	shared   string // the applications and files
	programs programs
	meter    meter
	asker    asker
	report   report
	progress io.Writer
}

// rest is the time between two loads, for connections to end.
const rest = 300 * time.Millisecond

// run compares, work by work.
func (b *bench) run(ctx context.Context) error {
	for _, w := range b.works {
		var servers []peer
		for _, p := range b.peers {
			if p.serves(w.site) {
				servers = append(servers, p)
			}
		}
		if err := b.runWork(ctx, w, servers); err != nil {
			return err
		}
	}
	return nil
}

// runWork loads the servers in turns. Who begins changes from round to round.
// One that does not start or whose load fails is named and left out of the
// rest of this work: it must not keep the others from it.
func (b *bench) runWork(ctx context.Context, w work, servers []peer) error {
	r := workReport{Name: w.name, Title: w.title, Connections: b.meter.connectionsOf(w), Peers: make([]peerReport, len(servers))}
	failed := make([]bool, len(servers))
	for round := range b.options.rounds {
		for i := range servers {
			at := (round + i) % len(servers)
			if failed[at] {
				continue
			}
			s, err := b.runRound(ctx, w, servers[at], round+1)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil {
				failed[at] = true
				b.leave(servers[at].name+" for "+w.name, err.Error())
				continue
			}
			r.Peers[at].Rounds = append(r.Peers[at].Rounds, s)
			fmt.Fprintf(b.progress, "%s, round %d: %s: %.0f/s, %s/request\n", w.name, round+1, servers[at].name, s.Rate, latency(s.CPU))
		}
	}
	for i, p := range servers {
		r.Peers[i].Name, r.Peers[i].Note = p.name, p.note
	}
	r.summarize()
	b.report.Works = append(b.report.Works, r)
	return ctx.Err()
}

// runRound starts one server, loads it, and ends it. Each round has a server of
// its own, because one that is started again is up to a twentieth faster or
// slower: its memory lies elsewhere, and Python's dictionaries are in another
// order.
func (b *bench) runRound(ctx context.Context, w work, p peer, round int) (sample, error) {
	srv, err := b.start(ctx, w, p, round)
	if err != nil {
		return sample{}, err
	}
	defer srv.stop()
	if _, err := b.meter.load(ctx, srv, w, warmUp); err != nil {
		return sample{}, err
	}
	srv.baseline = frontSize(srv)
	if err := pause(ctx, rest); err != nil {
		return sample{}, err
	}
	return b.meter.measure(ctx, srv, w)
}

// start starts one server in a folder of its own.
func (b *bench) start(ctx context.Context, w work, p peer, round int) (*server, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(b.dir, fmt.Sprintf("%s-%s-%d", w.name, p.name, round))
	if err := os.Mkdir(dir, 0o755); err != nil {
		return nil, fmt.Errorf("making a folder for %s: %w", p.name, err)
	}
	return startServer(ctx, p, &setup{
		site:     w.site,
		dir:      dir,
		shared:   b.shared,
		port:     port,
		workers:  b.options.workers,
		python:   b.options.python,
		programs: b.programs,
	}, b.asker, w)
}

// pause waits, unless ctx ends before.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
