package main

import (
	"fmt"
	"net/http"

	"github.com/appserve/appserve/config"
	"github.com/appserve/appserve/listeners/static"
)

// static is the handler of a location that serves files.
func (a *App) static(g *generation, site *config.Site, l *config.Location) (http.Handler, error) {
	s := l.Static
	c := static.Config{
		Site:         site.Name,
		Location:     l.Name,
		Directory:    s.Directory,
		File:         s.File,
		Index:        s.Index,
		MaxAge:       s.MaxAge,
		CacheControl: s.CacheControl,
		Types:        s.Types,
		DefaultType:  s.DefaultType,
		Charset:      s.Charset,
		Symlinks:     static.Symlinks(s.Symlinks),
		Dotfiles:     s.Dotfiles,
		Disk:         a.bodies.Disk(),
	}
	for _, candidate := range s.Try {
		var parts []static.Part
		for _, part := range candidate.Parts {
			parts = append(parts, static.Part{Literal: part.Literal, Rest: part.Variable == "rest"})
		}
		c.Try = append(c.Try, parts)
	}
	if s.Fallback != nil {
		fallback, err := g.target(s.Fallback, l.LocationRules)
		if err != nil {
			return nil, err
		}
		c.Fallback = fallback
	}
	handler, err := static.New(c, a.logs.named("static"))
	if err != nil {
		return nil, fmt.Errorf("%w (%s)", err, s.Source)
	}
	g.closer.addContext("static files", closing(handler))
	return handler, nil
}
