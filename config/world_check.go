package config

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// inspection compares a configuration with the machine it is on.
type inspection struct {
	*diagnostics
	World
	root    *block
	sources *sources
}

// CheckWorld adds what is wrong between the configuration and the machine:
// users that do not exist, folders that cannot be read, and the like. It
// looks, and touches nothing: no socket is connected to, no file is made.
// After errors it does nothing.
func CheckWorld(l *Loaded, w World) {
	if l.root == nil || l.HasErrors() {
		return
	}
	in := &inspection{diagnostics: &l.diagnostics, World: w.withDefaults(), root: l.root, sources: l.sources}
	in.server(l.root.one("appserve"))
	in.log(l.root.one("log"))
	for _, b := range l.root.all("listener") {
		in.listener(b)
	}
	for _, b := range l.root.all("pool") {
		in.pool(b)
	}
	for _, site := range l.root.all("site") {
		in.rules(site)
		for _, location := range site.all("location") {
			in.rules(location)
			if static := location.one("static"); static != nil {
				in.static(static)
			}
		}
	}
	in.processes()
	in.configurationFiles()
}

func (in *inspection) server(b *block) {
	in.accounts(b)
	in.pidFile(b)
	if directory := b.text("spool_directory"); in.InMemory(directory) {
		in.warnAt(in.placeOr(b, "spool_directory"), "spool-in-memory", "The spool lies in memory",
			quote(directory)+" is on a tmpfs, so what does not fit into memory would go into memory after all. Write a spool_directory that lies on a disk.")
	}
	in.spool(b)
	in.bodySize(b)
}

// spool checks that the spool somebody asked for can be written, or made. One
// that nobody asked for may be missing: then bodies stay in memory.
func (in *inspection) spool(b *block) {
	s := b.written("spool_directory")
	if s == nil || s.placeholder {
		return
	}
	there := b.text("spool_directory")
	info, err := in.Stat(there)
	for err != nil && there != filepath.Dir(there) {
		there = filepath.Dir(there)
		info, err = in.Stat(there)
	}
	switch {
	case err != nil:
		in.errorAt(s.at, "The spool cannot be made", quote(there)+": "+readError(err))
	case !info.IsDir():
		in.errorAt(s.at, "The spool cannot be made", quote(there)+" is a file, not a folder. Write another path.")
	case in.Writable(there) != nil:
		in.warnAt(s.at, "spool-not-writable", "The spool cannot be written", quote(there)+": "+readError(in.Writable(there))+" Bodies that do not fit into memory would get 503. Change its permissions, or write another path.")
	}
}

// bodySize warns of request bodies that the spool could never hold.
func (in *inspection) bodySize(server *block) {
	spool := server.size("spool_max_size")
	seen := map[hcl.Range]bool{}
	for _, site := range in.root.all("site") {
		for _, b := range append([]*block{site}, site.all("location")...) {
			s := b.written("max_body_size")
			if s == nil || b.size("max_body_size") <= spool || seen[s.at] {
				continue
			}
			seen[s.at] = true
			in.warnAt(s.at, "body-over-spool", "The spool is smaller than this body", fmt.Sprintf("A body of %s does not fit into spool_max_size, %s: it would get 503. Write in the appserve block: spool_max_size = %s",
				unquoted(printSize(b.size("max_body_size"))), unquoted(printSize(spool)), printSize(2*b.size("max_body_size"))))
		}
	}
}

func (in *inspection) log(b *block) {
	in.output(b)
	in.output(b.one("access_log"))
}

// rules looks at what a site or location says besides its action.
func (in *inspection) rules(b *block) {
	if access := b.one("access_log"); access != nil {
		in.output(access)
	}
	if auth := b.one("basic_auth"); auth != nil {
		in.usersFile(auth)
	}
	for _, page := range b.all("error_page") {
		in.errorPage(page)
	}
}

// output checks that a log file can be written.
func (in *inspection) output(b *block) {
	s := b.written("output")
	if s == nil || s.placeholder || b.text("output") == "stderr" || b.text("output") == "stdout" {
		return
	}
	path := b.text("output")
	info, err := in.Stat(path)
	if err != nil {
		in.folderOfFile(b, "output")
		return
	}
	if info.IsDir() {
		in.errorAt(s.at, "This log is a folder", quote(path)+" is a folder. Write the file in it: output = "+quote(filepath.Join(path, "appserve.log")))
		return
	}
	if err := in.Writable(path); err != nil {
		in.errorAt(s.at, "This log cannot be written", quote(path)+": "+readError(err))
	}
}

// pidFile checks that the file could be made, and put in the place of an older one.
func (in *inspection) pidFile(b *block) {
	s := b.written("pid_file")
	if s == nil || s.placeholder {
		return
	}
	path := b.text("pid_file")
	if info, err := in.Stat(path); err == nil && info.IsDir() {
		in.errorAt(s.at, "This pid file is a folder", quote(path)+" is a folder. Write the file in it: pid_file = "+quote(filepath.Join(path, "appserve.pid")))
		return
	}
	in.folderOfFile(b, "pid_file")
}

// folderOfFile checks that a file could be made.
func (in *inspection) folderOfFile(b *block, name string) {
	s := b.written(name)
	if s == nil || s.placeholder {
		return
	}
	folder := filepath.Dir(b.text(name))
	info, err := in.Stat(folder)
	switch {
	case err != nil:
		in.errorAt(s.at, "The folder of this file is not there", quote(folder)+": "+readError(err)+" Make it, or write another path.")
	case !info.IsDir():
		in.errorAt(s.at, "The folder of this file is no folder", quote(folder)+" is a file. Write another path.")
	case in.Writable(folder) != nil:
		in.errorAt(s.at, "The folder of this file cannot be written", quote(folder)+": "+readError(in.Writable(folder)))
	}
}

// accounts checks that user, group and supplementary_groups exist.
func (in *inspection) accounts(b *block) {
	if s := b.written("user"); s != nil && !s.placeholder {
		if _, _, err := in.LookupUser(b.text("user")); err != nil {
			in.errorAt(s.at, "There is no user "+quote(b.text("user")), "Create the account, or write the name of one that exists.")
		}
	}
	if s := b.written("group"); s != nil && !s.placeholder {
		in.groupExists(b.text("group"), s.at)
	}
	if b.schema.row("supplementary_groups") == nil || b.written("supplementary_groups") == nil {
		return
	}
	for _, one := range b.list("supplementary_groups") {
		in.groupExists(one.value.(string), one.at)
	}
}

func (in *inspection) groupExists(name string, at hcl.Range) {
	if _, err := in.LookupGroup(name); err != nil {
		in.errorAt(at, "There is no group "+quote(name), "Create the group, or write the name of one that exists.")
	}
}

// listener looks at unix sockets; a socket that is there, stale or live, is not touched.
func (in *inspection) listener(b *block) {
	in.accounts(b)
	if tls := b.one("tls"); tls != nil {
		for _, pair := range append([]*block{tls}, tls.all("pair")...) {
			in.keyFile(pair)
		}
	}
	for _, one := range b.list("address") {
		address := one.value.(Address)
		if address.Network != "unix" || strings.HasPrefix(address.Target, "@") {
			continue
		}
		folder := filepath.Dir(address.Target)
		if info, err := in.Stat(folder); err != nil {
			in.errorAt(one.at, "The folder of this socket is not there", quote(folder)+": "+readError(err)+" Make it, or let systemd: RuntimeDirectory=")
		} else if !info.IsDir() {
			in.errorAt(one.at, "The folder of this socket is no folder", quote(folder)+" is a file. Write another path.")
		}
		if info, err := in.Stat(address.Target); err == nil && info.Mode()&fs.ModeSocket == 0 {
			in.errorAt(one.at, "There is a file where this socket belongs", quote(address.Target)+" is no socket, so it is not replaced. Remove it, or write another path.")
		}
	}
}

// processes warns of more processes than the machine has use for.
func (in *inspection) processes() {
	sum, cpus := 0, in.CPUs()
	var parts []string
	var largest *block
	for _, b := range in.root.all("pool") {
		n := b.integer("processes")
		sum += n
		parts = append(parts, fmt.Sprintf("%s %d", b.label, n))
		if largest == nil || n > largest.integer("processes") {
			largest = b
		}
	}
	if largest == nil || sum <= 4*cpus {
		return
	}
	in.warnAt(largest.place("processes"), "many-processes", fmt.Sprintf("%d processes for %s", sum, counted(cpus, "CPU")),
		"All pools together: "+strings.Join(parts, ", ")+". More than four per CPU mostly cost memory; threads wait more cheaply.")
}

// placeOr is where a row was written, else the block, else nowhere in particular.
func (in *inspection) placeOr(b *block, name string) hcl.Range {
	if at := b.place(name); at.Filename != "" {
		return at
	}
	return in.root.at
}
