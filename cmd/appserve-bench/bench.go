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

// run compares, site by site: the servers of one site run beside each other,
// idle but for the one that is loaded.
func (b *bench) run(ctx context.Context) error {
	for _, s := range sites() {
		var works []work
		for _, w := range b.works {
			if w.site == s {
				works = append(works, w)
			}
		}
		if len(works) == 0 {
			continue
		}
		if err := b.runSite(ctx, s, works); err != nil {
			return err
		}
	}
	return nil
}

// runSite starts everyone who serves s, loads them, and ends them.
func (b *bench) runSite(ctx context.Context, s site, works []work) error {
	var servers []*server
	defer func() {
		for _, srv := range servers {
			srv.stop()
		}
	}()
	for _, p := range b.peers {
		if !p.serves(s) {
			continue
		}
		fmt.Fprintf(b.progress, "%s: starting %s\n", s, p.name)
		srv, err := b.start(ctx, p, s, works)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			// One that cannot run here must not keep the others from it.
			b.leave(p.name+" for "+string(s), err.Error())
			continue
		}
		servers = append(servers, srv)
	}
	for _, w := range works {
		if err := b.runWork(ctx, w, servers); err != nil {
			return err
		}
	}
	return nil
}

// start starts one server in a folder of its own.
func (b *bench) start(ctx context.Context, p peer, s site, works []work) (*server, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(b.dir, string(s)+"-"+p.name)
	if err := os.Mkdir(dir, 0o755); err != nil {
		return nil, fmt.Errorf("making a folder for %s: %w", p.name, err)
	}
	return startServer(ctx, p, &setup{
		site:     s,
		dir:      dir,
		shared:   b.shared,
		port:     port,
		workers:  b.options.workers,
		python:   b.options.python,
		programs: b.programs,
	}, b.asker, works)
}

// runWork loads the servers in turns. Who begins changes from round to round.
// One whose load fails is named and left out of the rest of this work.
func (b *bench) runWork(ctx context.Context, w work, servers []*server) error {
	r := workReport{Name: w.name, Title: w.title, Connections: b.meter.connectionsOf(w), Peers: make([]peerReport, len(servers))}
	failed := make([]bool, len(servers))
	for i, srv := range servers {
		r.Peers[i].Name, r.Peers[i].Note = srv.peer.name, srv.peer.note
		_, err := b.meter.load(ctx, srv, w, warmUp)
		failed[i] = b.failed(w, srv, err)
		srv.baseline = frontSize(srv)
	}
	for round := range b.options.rounds {
		for i := range servers {
			at := (round + i) % len(servers)
			if err := pause(ctx, rest); err != nil {
				return err
			}
			if failed[at] {
				continue
			}
			s, err := b.meter.measure(ctx, servers[at], w)
			if failed[at] = b.failed(w, servers[at], err); failed[at] {
				continue
			}
			r.Peers[at].Rounds = append(r.Peers[at].Rounds, s)
			fmt.Fprintf(b.progress, "%s, round %d: %s: %.0f/s, %s/request\n", w.name, round+1, servers[at].peer.name, s.Rate, latency(s.CPU))
		}
	}
	r.summarize()
	b.report.Works = append(b.report.Works, r)
	return ctx.Err()
}

// failed notes a load that failed.
func (b *bench) failed(w work, srv *server, err error) bool {
	if err != nil {
		b.leave(srv.peer.name+" for "+w.name, err.Error())
	}
	return err != nil
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
