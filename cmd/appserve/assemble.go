package main

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/appserve/appserve/config"
	"github.com/appserve/appserve/listeners"
	"github.com/appserve/appserve/listeners/networks"
	"github.com/appserve/appserve/pool"
	"github.com/appserve/appserve/upstreams"
)

// prepare builds a generation from a configuration, up to the point where
// workers boot. On failure nothing of it is left. Files and sockets are
// opened here, so that nothing can fail once it is live.
func (a *App) prepare(c *config.Config, number int) (*generation, error) {
	g := &generation{
		number:    number,
		config:    c,
		logger:    a.logger,
		pools:     map[string]*pool.Pool{},
		upstreams: map[string]*upstreams.Group{},
	}
	for _, step := range []func(*generation) error{
		a.openLog, a.buildUpstreams, a.buildPools, a.buildRoutes, a.bindListeners,
	} {
		if err := step(g); err != nil {
			return nil, errors.Join(err, g.abandon(context.Background()))
		}
	}
	return g, nil
}

// bindListeners binds the sockets that the live generation does not have.
func (a *App) bindListeners(g *generation) error {
	var ls []listeners.Listener
	for _, block := range g.config.Listeners {
		translated := listenerConfig(block)
		if err := a.encrypt(g, block, &translated); err != nil {
			return err
		}
		ls = append(ls, translated)
	}
	transition, err := a.server.Prepare(ls)
	if err != nil {
		return err
	}
	g.transition = transition
	g.undo.add("listeners", transition.Abort)
	return nil
}

// listenerConfig translates a listener block.
func listenerConfig(l *config.Listener) listeners.Listener {
	translated := listeners.Listener{
		Name:             l.Name,
		Mode:             l.Mode,
		User:             l.User,
		Group:            l.Group,
		Backlog:          l.Backlog,
		HeaderTimeout:    l.HeaderTimeout,
		KeepaliveTimeout: l.KeepaliveTimeout,
		BodyTimeout:      l.BodyTimeout,
		SendTimeout:      l.SendTimeout,
		MinRate:          l.MinRate,
		MaxHeaderSize:    l.MaxHeaderSize,
		MaxHeaderCount:   l.MaxHeaderCount,
		Trust:            trust(l),
		ProxyProtocol:    networks.New(l.ProxyProtocol, false),
		MaxConnections:   l.MaxConnections,
		Declared:         l.Sources["address"].String(),
	}
	for _, address := range l.Addresses {
		translated.Addresses = append(translated.Addresses, listeners.Address(address))
	}
	return translated
}

func sortedKeys[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}
