package pool

import (
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
)

// environment is what the workers of a pool find in os.environ.
type environment map[string]string

// newEnvironment joins env over env_file over inherit_env. When the workers
// run as another user, HOME, USER and LOGNAME come from its account.
func newEnvironment(c Config, inherited []string, who *account) (environment, error) {
	e := environment{}
	for _, entry := range inherited {
		name, value, found := strings.Cut(entry, "=")
		if found && name != "" && matchesAny(c.InheritEnv, name) {
			e[name] = value
		}
	}
	if who != nil && who.changed {
		e["HOME"], e["USER"], e["LOGNAME"] = who.home, who.name, who.name
	}
	if c.EnvFile != "" {
		values, err := readDotenv(c.EnvFile)
		if err != nil {
			return nil, err
		}
		maps.Copy(e, values)
	}
	maps.Copy(e, c.Env)
	for name := range e {
		if isServiceManagers(name) {
			delete(e, name)
		}
	}
	return e, nil
}

// forWorker returns the environment of one worker, sorted.
func (e environment) forWorker(pool string, slot, generation int) []string {
	all := maps.Clone(e)
	all["APPSERVE_POOL"] = pool
	all["APPSERVE_SLOT"] = strconv.Itoa(slot)
	all["APPSERVE_GENERATION"] = strconv.Itoa(generation)
	return all.entries()
}

// entries returns "NAME=value", sorted.
func (e environment) entries() []string {
	list := make([]string, 0, len(e))
	for name, value := range e {
		list = append(list, name+"="+value)
	}
	slices.Sort(list)
	return list
}

// matchesAny says whether a name is in a list of names and globs.
func matchesAny(patterns []string, name string) bool {
	for _, pattern := range patterns {
		if ok, err := path.Match(pattern, name); ok && err == nil {
			return true
		}
	}
	return false
}

// isServiceManagers says whether a variable is a message of the service
// manager to appserve, which no worker may take for its own.
func isServiceManagers(name string) bool {
	switch name {
	case "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "NOTIFY_SOCKET":
		return true
	}
	return false
}

// lookup finds a variable in a list of "NAME=value".
func lookup(environ []string, name string) (string, bool) {
	for _, entry := range environ {
		if value, ok := strings.CutPrefix(entry, name+"="); ok {
			return value, true
		}
	}
	return "", false
}
