package main

import (
	"context"
	"sync"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/appserve/appserve/pool"
)

// drain ends a generation that was swapped out, in its own goroutine: its
// workers finish what they hold, then what only it used is closed.
type drain struct {
	old     *generation
	next    *generation // takes over queues; nil when the server stops
	logger  hclog.Logger
	hurry   context.CancelFunc
	workers chan struct{} // closed when the last worker is gone
	done    chan struct{} // closed when everything is
}

func newDrain(old, next *generation, logger hclog.Logger) *drain {
	ctx, hurry := context.WithCancel(context.Background())
	d := &drain{
		old:     old,
		next:    next,
		logger:  logger,
		hurry:   hurry,
		workers: make(chan struct{}),
		done:    make(chan struct{}),
	}
	for name, p := range old.pools {
		if successor := d.successor(name); successor != nil {
			p.HandOver(successor)
		}
	}
	go d.run(ctx)
	return d
}

func (d *drain) successor(name string) *pool.Pool {
	if d.next == nil {
		return nil
	}
	return d.next.pools[name]
}

// finish waits for the end; when ctx ends first, what is still running is cut.
func (d *drain) finish(ctx context.Context) {
	select {
	case <-d.done:
	case <-ctx.Done():
		d.hurry()
		<-d.done
	}
}

func (d *drain) run(ctx context.Context) {
	defer close(d.done)
	var wg sync.WaitGroup
	for name, p := range d.old.pools {
		wg.Go(func() { d.retire(ctx, name, p) })
	}
	wg.Wait()
	close(d.workers)
	if d.next != nil {
		// A response still on its way to a slow client needs no worker any
		// more, but what it is made of must stay open.
		select {
		case <-d.old.routes.Idle():
		case <-ctx.Done():
		}
	}
	for name, group := range d.old.upstreams {
		if d.next == nil || d.next.upstreams[name] != group {
			group.Close()
		}
	}
	if err := d.old.closer.run(ctx); err != nil {
		d.logger.Warn("closing the old generation", "generation", d.old.number, "error", err)
	}
}

// retire ends one pool. One without a successor serves the requests that are
// still coming in through the old routes, for as long as its grace lasts.
func (d *drain) retire(ctx context.Context, name string, p *pool.Pool) {
	if d.next != nil && d.successor(name) == nil {
		grace := time.NewTimer(d.old.gracefulTimeout(name))
		defer grace.Stop()
		select {
		case <-d.old.routes.Idle():
		case <-grace.C:
		case <-ctx.Done():
		}
	}
	p.Retire(ctx)
}

func (g *generation) gracefulTimeout(name string) time.Duration {
	for _, p := range g.config.Pools {
		if p.Name == name {
			return p.GracefulTimeout
		}
	}
	return 0
}
