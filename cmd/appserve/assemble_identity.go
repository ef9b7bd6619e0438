package main

import (
	"github.com/appserve/appserve/config"
	clients "github.com/appserve/appserve/listeners/identity"
	"github.com/appserve/appserve/listeners/networks"
)

// networkSet translates a list of networks; nil stays nil, which is no rule.
func networkSet(n *config.Networks) *networks.Set {
	if n == nil {
		return nil
	}
	return networks.New(n.Prefixes, n.Unix)
}

// trust is whom a listener believes about its clients; nil: nobody.
func trust(l *config.Listener) *clients.Trust {
	return clients.New(networkSet(&l.TrustedProxies), l.ClientIPHeader)
}
