package main

import (
	"github.com/appserve/appserve/config"
	"github.com/appserve/appserve/listeners/static"
)

const (
	// hazardLevels is how many levels of a static directory are looked at.
	hazardLevels = 3
	// hazardWarnings bounds what is said about one directory.
	hazardWarnings = 5
)

// lintStatic warns of files that a site would show to everybody and that are
// seldom meant to be shown.
func lintStatic(loaded *config.Loaded, site *config.Site) {
	for _, l := range site.Locations {
		if l.Static == nil || l.Static.Directory == "" || isGuarded(l) {
			continue
		}
		c := static.Config{Directory: l.Static.Directory, Dotfiles: l.Static.Dotfiles}
		for _, block := range l.Static.Files {
			rule, err := fileRule(block)
			if err != nil {
				return // the server's own assembly says so
			}
			c.Files = append(c.Files, rule)
		}
		hazards, err := static.Hazards(c, hazardLevels)
		if err != nil {
			continue // CheckWorld said what is wrong with the directory
		}
		for _, hazard := range hazards[:min(len(hazards), hazardWarnings)] {
			loaded.Warn("exposed-file", placeOf(l.Static.Block, "directory"), "This directory shows "+hazard.Kind+" to everybody",
				hazard.Path+" would be sent to whoever asks. Move it away, or refuse such files in a files block with deny = true.")
		}
	}
}

// isGuarded reports whether a location has a rule about who may see it.
func isGuarded(l *config.Location) bool {
	return l.Allow != nil || l.BasicAuth != nil || l.ClientCertificate != ""
}
