package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/appserve/appserve/config"
	"github.com/appserve/appserve/listeners"
	"github.com/appserve/appserve/listeners/certificates"
)

// encrypt adds what a listener block says about TLS and HTTP/2. The files are
// read here, so that one that cannot be used refuses the generation.
func (a *App) encrypt(g *generation, block *config.Listener, l *listeners.Listener) error {
	l.H2C, l.SendTimeout = block.H2C, block.SendTimeout
	if block.TLS == nil {
		return nil
	}
	c := certificates.Config{
		MinVersion:  block.TLS.MinVersion,
		Authorities: block.TLS.ClientCA,
		ClientAuth:  block.TLS.ClientAuth,
		HTTP2:       block.TLS.HTTP2,
		Hosts:       hostsOf(g.config, block.Name),
	}
	for _, pair := range block.TLS.Pairs {
		c.Pairs = append(c.Pairs, certificates.Pair{Certificate: pair.Certificate, Key: pair.Key})
	}
	set, err := certificates.Load(c, certificates.Options{Logger: a.logs.named("tls")})
	if err != nil {
		return fmt.Errorf("listener %q: %w (%s)", block.Name, err, tlsSource(block.TLS, err))
	}
	l.TLS = set
	return nil
}

// hostsOf are the hosts of the sites on a listener.
func hostsOf(c *config.Config, listener string) []string {
	var hosts []string
	for _, site := range c.Sites {
		if slices.Contains(site.Listeners, listener) {
			hosts = append(hosts, site.Hosts...)
		}
	}
	return hosts
}

// tlsSource is the row that names the file an error is about.
func tlsSource(t *config.TLS, err error) config.Source {
	var failed *certificates.FileError
	if !errors.As(err, &failed) {
		return t.Source
	}
	for _, pair := range t.Pairs {
		switch failed.Path {
		case pair.Certificate:
			return pair.Sources["certificate"]
		case pair.Key:
			return pair.Sources["key"]
		}
	}
	return t.Sources["client_ca"]
}
