package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

// peer is a server that can be compared, appserve among them.
type peer struct {
	name string
	// note says what a reader must know about how it is set up.
	note string
	// sites are what it can be set up for.
	sites []site
	// needs are the programs without which it is left out.
	needs []string
	// plan writes its configuration and says which processes make it up, the
	// one that listens last.
	plan func(*setup) ([]command, error)
}

// reference is the peer that all others are compared with.
const reference = "appserve"

// peers are all servers, in the order in which they are printed.
func peers() []peer {
	return []peer{
		{name: reference, sites: sites(), needs: []string{"appserve"}, plan: planAppserve},
		{name: "nginx+uwsgi", sites: []site{plainSite, tlsSite, h2Site, crowdSite, djangoSite},
			needs: []string{"nginx", "uwsgi"}, plan: planNginxUwsgi,
			note: "nginx in front of uWSGI on a unix socket, the uwsgi protocol"},
		{name: "gunicorn", sites: []site{plainSite, djangoSite}, needs: []string{"gunicorn"}, plan: planGunicorn,
			note: "sync workers: no keep-alive, no thread"},
		{name: "gunicorn-gthread", sites: []site{plainSite, djangoSite}, needs: []string{"gunicorn"}, plan: planGunicornThreads,
			note: "4 threads in each worker"},
		{name: "granian", sites: []site{plainSite, djangoSite}, needs: []string{"granian"}, plan: planGranian,
			note: "one blocking thread in each worker"},
		{name: "nginx", sites: []site{staticSite, sidecarSite, constantSite}, needs: []string{"nginx"}, plan: planNginx,
			note: "sendfile, no open_file_cache; gzip_static; return 200"},
		{name: "caddy", sites: []site{staticSite, sidecarSite}, needs: []string{"caddy"}, plan: planCaddy},
		{name: "net-http", sites: []site{constantSite}, plan: planNetHTTP,
			note: "the standard library's server with a handler of three lines"},
	}
}

// choosePeers finds peers by name; none named means all.
func choosePeers(names []string) ([]peer, error) {
	return choose("peer", names, peers(), func(p peer) string { return p.name })
}

// serves is whether p can be set up for s.
func (p peer) serves(s site) bool { return slices.Contains(p.sites, s) }

// command is one process of a server.
type command struct {
	name string // of its log file
	argv []string
	env  []string // added to ours
	// front says that this process accepts the clients' connections, and tree
	// that everything beneath it does so too (nginx's workers, but not
	// appserve's, which are Python).
	front, tree bool
}

// programs maps names to where they were found.
type programs map[string]string

// findProgram looks for a program beside the Python of the applications, then
// on the PATH.
func findProgram(name, python string) (string, error) {
	beside := filepath.Join(filepath.Dir(python), name)
	if info, err := os.Stat(beside); err == nil && info.Mode()&0o111 != 0 {
		return beside, nil
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return "", fmt.Errorf("%s is not installed (make bench-deps)", name)
	}
	return path, nil
}
