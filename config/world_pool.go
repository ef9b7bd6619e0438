package config

import (
	"io/fs"
	"path/filepath"

	"github.com/hashicorp/hcl/v2"
)

// pool looks at a pool's user, folders and files.
func (in *inspection) pool(b *block) {
	in.accounts(b)
	in.refuseRoot(b)
	chdir := b.text("chdir")
	at := b.place("chdir")
	info, err := in.Stat(chdir)
	switch {
	case err != nil:
		in.errorAt(at, "The folder of pool "+quote(b.label)+" is not there", quote(chdir)+": "+readError(err)+" Write: chdir = \"/srv/"+b.label+"\"")
		return
	case !info.IsDir():
		in.errorAt(at, "The folder of pool "+quote(b.label)+" is no folder", quote(chdir)+" is a file. The application is named by app.")
		return
	}
	in.bytecode(b, chdir, info, at)
	for _, one := range b.list("pythonpath") {
		if info, err := in.Stat(one.value.(string)); err != nil || !info.IsDir() {
			in.warnAt(one.at, "missing-import-folder", "This import folder is not there", quote(one.value.(string))+" is passed over by Python. Make it, or leave it out.")
		}
	}
	in.applicationFile(b)
	in.environmentFile(b)
}

// refuseRoot refuses Python as root: whoever finds a hole in the application has the machine.
func (in *inspection) refuseRoot(b *block) {
	uid := in.UID()
	at := b.at
	if name := b.text("user"); name != "" {
		found, _, err := in.LookupUser(name)
		if err != nil {
			return // said elsewhere
		}
		uid, at = found, b.place("user")
	}
	if uid == 0 && !in.root.one("appserve").flag("allow_root") {
		in.errorAt(at, "Pool "+quote(b.label)+" would run Python as root",
			`Write: user = "www-data", in the pool or for all pools in the appserve block. Where root is meant, as in some containers: appserve { allow_root = true }`)
	}
}

// applicationFile checks an app that is a file.
func (in *inspection) applicationFile(b *block) {
	s := b.written("app")
	if s == nil || s.placeholder {
		return
	}
	file, _, _ := cutCallable(b.text("app"))
	if !filepath.IsAbs(file) {
		return
	}
	if info, err := in.Stat(file); err != nil {
		in.errorAt(s.at, "The application's file is not there", quote(file)+": "+readError(err))
	} else if info.IsDir() {
		in.errorAt(s.at, "The application is a folder", quote(file)+" is no file. Write: app = "+quote(file+"/wsgi.py:application"))
	}
}

// environmentFile checks env_file, which mostly holds secrets.
func (in *inspection) environmentFile(b *block) {
	s := b.written("env_file")
	if s == nil || s.placeholder {
		return
	}
	path := b.text("env_file")
	info, err := in.Stat(path)
	if err == nil {
		err = in.Readable(path)
	}
	switch {
	case err != nil:
		in.errorAt(s.at, "This file cannot be read", quote(path)+": "+readError(err))
	case info.IsDir():
		in.errorAt(s.at, "This file is a folder", quote(path)+" holds no variables. Write the path of a file.")
	case info.Mode().Perm()&othersMayRead != 0:
		in.warnAt(s.at, "readable-secret", "Everybody can read this file", "It mostly holds secrets. Run: chmod o-r "+path)
	}
}

// bytecode notes a folder in which Python cannot keep compiled modules: every
// boot then compiles again.
func (in *inspection) bytecode(b *block, chdir string, info fs.FileInfo, at hcl.Range) {
	name := b.text("user")
	if name == "" {
		if in.Writable(chdir) != nil {
			in.noteAt(at, "Python cannot keep compiled modules in this folder", bytecodeAdvice(chdir))
		}
		return
	}
	uid, gid, err := in.LookupUser(name)
	if err != nil || uid == 0 {
		return
	}
	owner, group := in.Owner(info)
	mode := info.Mode().Perm()
	if uid == owner && mode&0o200 != 0 || gid == group && mode&0o020 != 0 || mode&0o002 != 0 || owner < 0 {
		return
	}
	in.noteAt(at, "Python cannot keep compiled modules in this folder", bytecodeAdvice(chdir))
}

func bytecodeAdvice(chdir string) string {
	return "It is not writable for the pool's user, which is safer, but modules that were never compiled make every boot slower. Run once: python3 -m compileall " + chdir
}
