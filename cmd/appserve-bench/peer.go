package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// peer is a server that can be compared, appserve among them.
type peer struct {
	name string
	// note says what a reader must know about how it is set up.
	note string
	// apps and files are whether it serves applications and static files.
	apps, files bool
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
		{name: reference, apps: true, files: true, needs: []string{"appserve"}, plan: planAppserve},
		{name: "nginx+uwsgi", apps: true, needs: []string{"nginx", "uwsgi"}, plan: planNginxUwsgi,
			note: "nginx in front of uWSGI on a unix socket, the uwsgi protocol"},
		{name: "gunicorn", apps: true, needs: []string{"gunicorn"}, plan: planGunicorn,
			note: "sync workers: no keep-alive, no thread"},
		{name: "gunicorn-gthread", apps: true, needs: []string{"gunicorn"}, plan: planGunicornThreads,
			note: "4 threads in each worker"},
		{name: "granian", apps: true, needs: []string{"granian"}, plan: planGranian,
			note: "one blocking thread in each worker"},
		{name: "nginx", files: true, needs: []string{"nginx"}, plan: planNginx,
			note: "sendfile, no open_file_cache"},
		{name: "caddy", files: true, needs: []string{"caddy"}, plan: planCaddy},
	}
}

// choosePeers finds peers by name; none named means all.
func choosePeers(names []string) ([]peer, error) {
	return choose("peer", names, peers(), func(p peer) string { return p.name })
}

// serves is whether p can be set up for s.
func (p peer) serves(s site) bool {
	return s == staticSite && p.files || s != staticSite && p.apps
}

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
