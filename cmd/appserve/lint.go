package main

import (
	"time"

	"github.com/appserve/appserve/config"
)

// lint adds what only the server's own code can tell of a configuration:
// whether certificates are good, what static files would show, where requests
// would go. It looks at files, and touches nothing.
func lint(loaded *config.Loaded, now time.Time) {
	c := loaded.Config()
	lintCertificates(loaded, now)
	for _, site := range c.Sites {
		lintStatic(loaded, site)
		if routes := newSiteRoutes(c, site); routes != nil {
			routes.lintShadowed(loaded)
			routes.lintAccess(loaded)
			routes.lintLoops(loaded)
		}
	}
}

// placeOf is where a row of a block was set, or the block itself.
func placeOf(b config.Block, row string) config.Source {
	if source, set := b.Sources[row]; set {
		return source
	}
	return b.Source
}
