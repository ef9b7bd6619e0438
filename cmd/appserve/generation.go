package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/hashicorp/go-hclog"

	"github.com/appserve/appserve/config"
	"github.com/appserve/appserve/listeners"
	"github.com/appserve/appserve/listeners/logsink"
	"github.com/appserve/appserve/pool"
	"github.com/appserve/appserve/upstreams"
)

// generation is everything built from one load of the configuration. It is
// prepared and booted beside the one that serves, then it is swapped in whole
// (App.commit) or abandoned without a trace.
type generation struct {
	number int
	config *config.Config
	logger hclog.Logger

	pools     map[string]*pool.Pool
	upstreams map[string]*upstreams.Group // shared with the generation before, where nothing changed
	routes    *listeners.Routes

	log        *logsink.Writer       // output of appserve's own log, applied at the swap
	transition *listeners.Transition // sockets bound for this generation, until the swap

	undo   teardown // what a generation that never served must undo
	closer teardown // what only this generation uses, closed after its last request
}

// bootFirst boots the pools of the first generation. A pool that fails is
// retried in the background; when all fail there is nothing to serve.
func (g *generation) bootFirst(ctx context.Context) error {
	failed := g.eachPool(func(p *pool.Pool) error {
		if err := p.BootCanary(ctx); err != nil {
			return err
		}
		return p.BootRest(ctx)
	})
	if ctx.Err() != nil {
		return fmt.Errorf("starting was cut short: %w", ctx.Err())
	}
	if len(failed) > 0 && len(failed) == len(g.pools) {
		return fmt.Errorf("no pool booted: %w", joined(failed))
	}
	for name, err := range failed {
		g.logger.Error("serving without a pool: its requests get 503 boot_failed; trying again", "pool", name, "error", err)
		g.pools[name].KeepBooting()
	}
	return nil
}

// bootBeside boots all pools while the old generation serves: a canary of
// each first, and nothing else until every canary is ready.
func (g *generation) bootBeside(ctx context.Context) error {
	if failed := g.eachPool(func(p *pool.Pool) error { return p.BootCanary(ctx) }); len(failed) > 0 {
		return joined(failed)
	}
	if failed := g.eachPool(func(p *pool.Pool) error { return p.BootRest(ctx) }); len(failed) > 0 {
		return joined(failed)
	}
	return nil
}

// eachPool does work for all pools at once and returns the failures by name.
func (g *generation) eachPool(work func(*pool.Pool) error) map[string]error {
	var (
		mu     sync.Mutex
		wg     sync.WaitGroup
		failed = map[string]error{}
	)
	for name, p := range g.pools {
		wg.Go(func() {
			if err := work(p); err != nil {
				mu.Lock()
				defer mu.Unlock()
				failed[name] = g.declared(name, err)
			}
		})
	}
	wg.Wait()
	return failed
}

// declared adds to a pool's error the line that asked for what failed.
func (g *generation) declared(name string, err error) error {
	at := slices.IndexFunc(g.config.Pools, func(p *config.Pool) bool { return p.Name == name })
	var boot *pool.BootError
	if at < 0 || !errors.As(err, &boot) {
		return err
	}
	p := g.config.Pools[at]
	source := p.Sources["app"]
	if boot.Phase == "interpreter" {
		source = interpreterSource(p)
	}
	return fmt.Errorf("%w (%s)", err, source)
}

// joined orders errors by pool name, so that a verdict reads the same every time.
func joined(failed map[string]error) error {
	var errs []error
	for _, name := range sortedKeys(failed) {
		errs = append(errs, failed[name])
	}
	return errors.Join(errs...)
}

// abandon undoes a generation that was not swapped in.
func (g *generation) abandon(ctx context.Context) error {
	return errors.Join(g.undo.run(ctx), g.closer.run(ctx))
}
