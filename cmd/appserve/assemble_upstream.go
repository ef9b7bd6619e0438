package main

import (
	"github.com/appserve/appserve/config"
	"github.com/appserve/appserve/upstreams"
)

// upstreamConfig translates an upstream block.
func upstreamConfig(u *config.Upstream) upstreams.Config {
	c := upstreams.Config{
		Name:           u.Name,
		Declared:       u.Source.String(),
		Protocol:       u.Protocol,
		Balance:        u.Balance,
		Keepalive:      u.Keepalive,
		ConnectTimeout: u.ConnectTimeout,
		ReadTimeout:    u.ReadTimeout,
		SendTimeout:    u.SendTimeout,
		MaxFails:       u.MaxFails,
		FailTimeout:    u.FailTimeout,
	}
	for _, server := range u.Servers {
		c.Servers = append(c.Servers, upstreams.Server{
			Name:           server.Name,
			Network:        server.Address.Network,
			Address:        server.Address.Target,
			Weight:         server.Weight,
			Backup:         server.Backup,
			MaxConnections: server.MaxConnections,
		})
	}
	return c
}

// buildUpstreams makes the upstream groups of a generation. A group whose
// block did not change is the one of the live generation: its connections,
// and what it knows of its servers' health, live on.
func (a *App) buildUpstreams(g *generation) error {
	for _, block := range g.config.Upstreams {
		c := upstreamConfig(block)
		if kept := a.liveUpstream(block.Name); kept != nil && kept.Config().Equal(c) {
			g.upstreams[block.Name] = kept
			continue
		}
		group, err := upstreams.New(c, upstreams.Options{Logger: a.logs.named("upstream"), Tunnels: &a.tunnels})
		if err != nil {
			return err
		}
		g.upstreams[block.Name] = group
		g.undo.add("upstream "+block.Name, group.Close)
	}
	return nil
}

func (a *App) liveUpstream(name string) *upstreams.Group {
	if a.live == nil {
		return nil
	}
	return a.live.upstreams[name]
}
