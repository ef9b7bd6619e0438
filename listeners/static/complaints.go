package static

import (
	"sync"
	"time"

	"github.com/hashicorp/go-hclog"
)

const (
	// complainEvery is how long the same file or link is not named again.
	complainEvery = 10 * time.Second
	// complaintsKept bounds the memory of what was named.
	complaintsKept = 256
)

// complaints are the log lines about single files. Whoever asks for the same
// refused link a thousand times a second does not fill the log with it.
type complaints struct {
	logger   hclog.Logger
	site     string
	location string

	mu   sync.Mutex
	said map[string]time.Time
}

func newComplaints(logger hclog.Logger, site, location string) *complaints {
	return &complaints{logger: logger, site: site, location: location, said: map[string]time.Time{}}
}

func (c *complaints) link(e *linkError) {
	if !c.due(e.link) {
		return
	}
	message := `link leaves the folder; write symlinks = "follow" if that is meant`
	if e.policy == None {
		message = `link refused, symlinks is "none"`
	}
	c.logger.Error(message, "site", c.site, "location", c.location, "link", e.link, "target", e.target)
}

func (c *complaints) file(name string, err error) {
	if c.due(name) {
		c.logger.Error("file cannot be served", "site", c.site, "location", c.location, "file", name, "error", err)
	}
}

func (c *complaints) sidecar(name, why string) {
	if c.due(name) {
		c.logger.Warn("precompressed file is not used", "site", c.site, "location", c.location, "file", name, "why", why)
	}
}

// due says whether it is time to speak of name (again).
func (c *complaints) due(name string) bool {
	now := time.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if last, ok := c.said[name]; ok && now.Sub(last) < complainEvery {
		return false
	}
	if len(c.said) >= complaintsKept {
		for name, last := range c.said {
			if now.Sub(last) >= complainEvery {
				delete(c.said, name)
			}
		}
	}
	if len(c.said) >= complaintsKept {
		return false
	}
	c.said[name] = now
	return true
}
