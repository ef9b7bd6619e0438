package main

import (
	"github.com/appserve/appserve/config"
	"github.com/appserve/appserve/pool"
)

// poolConfig translates a pool block.
func poolConfig(c *config.Config, p *config.Pool) pool.Config {
	return pool.Config{
		Name:              p.Name,
		Declared:          p.Source.String(),
		App:               p.App,
		Interface:         p.Interface,
		Chdir:             p.Chdir,
		PythonPath:        p.PythonPath,
		Virtualenv:        p.Virtualenv,
		Python:            p.Python,
		Env:               p.Env,
		EnvFile:           p.EnvFile,
		InheritEnv:        p.InheritEnv,
		Identity:          pool.Identity(p.Identity),
		AllowRoot:         c.Server.AllowRoot,
		Umask:             p.Umask,
		Processes:         p.Processes,
		Threads:           p.Threads,
		GC:                p.GC,
		QueueSize:         p.QueueSize,
		QueueTimeout:      p.QueueTimeout,
		BootTimeout:       p.BootTimeout,
		RequestTimeout:    p.RequestTimeout,
		GracefulTimeout:   p.GracefulTimeout,
		MaxRequests:       p.MaxRequests,
		MaxRequestsJitter: p.MaxRequestsJitter,
	}
}

// buildPools makes the pools of a generation; their processes start later.
func (a *App) buildPools(g *generation) error {
	slots := pool.NewBootSlots(g.config.Server.BootParallel)
	for _, block := range g.config.Pools {
		p, err := pool.New(pinned(poolConfig(g.config, block)), pool.Options{
			Logger:     a.logs.named("pool"),
			Spawner:    pool.Spawn(a.spawner),
			BootSlots:  slots,
			Generation: g.number,
			Environ:    a.command.environ,
		})
		if err != nil {
			return err
		}
		g.pools[block.Name] = p
		g.undo.add("pool "+block.Name, p.Kill)
	}
	return nil
}
