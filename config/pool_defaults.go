package config

import (
	"path/filepath"
	"time"
)

func defaultProcesses(c *completion, _ *block) any { return max(2, c.cpus) }

func defaultJitter(_ *completion, b *block) any { return b.integer("max_requests") / 10 }

// defaultChdir is the folder of app when it is a file, else that of the configuration file.
func defaultChdir(_ *completion, b *block) any {
	if module, _, _ := cutCallable(b.text("app")); filepath.IsAbs(module) {
		return filepath.Dir(module)
	}
	return b.folder
}

// inheritIdentity takes a row of the appserve block. A pool with a user of
// its own does not get appserve's groups with it.
func inheritIdentity(name string) computeFunc {
	return func(c *completion, b *block) any {
		server := c.root.one("appserve")
		if s := server.settings[name]; s != nil && (name == "user" || b.written("user") == nil) {
			return s.value
		}
		return nil
	}
}

// defaultGraceful is the longest request timeout that applies to the pool; no limit counts as a minute.
func defaultGraceful(c *completion, b *block) any { return longestTimeout(c.root, b) }

func longestTimeout(root, pool *block) time.Duration {
	longest := time.Duration(0)
	consider := func(d time.Duration) {
		if d == 0 {
			d = time.Minute
		}
		longest = max(longest, d)
	}
	own, isSet := optional[time.Duration](pool, "request_timeout")
	if !isSet {
		own = time.Minute
	}
	replaced := true // every location that passes here has its own
	for _, location := range root.usedBy[Target{"pool", pool.label}] {
		if d, ok := ruleOf[time.Duration](location, "request_timeout"); ok {
			consider(d)
		} else {
			replaced = false
		}
	}
	if !replaced || longest == 0 {
		consider(own)
	}
	return longest
}

// ruleOf is a rule of a location, or of its site.
func ruleOf[T any](location *block, name string) (T, bool) {
	if v, ok := optional[T](location, name); ok {
		return v, true
	}
	return optional[T](location.parent, name)
}
