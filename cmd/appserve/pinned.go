package main

import (
	"path/filepath"

	"github.com/appserve/appserve/pool"
)

// pinned resolves the links on the way to a pool's code, once for a
// generation: a release is often a folder that a link points to, and a worker
// that is replaced after the link has moved must still be of the old release.
// What cannot be resolved stays as it is; whoever opens it says why.
func pinned(c pool.Config) pool.Config {
	c.Chdir = withoutLinks(c.Chdir)
	c.Virtualenv = withoutLinks(c.Virtualenv)
	c.Python = folderWithoutLinks(c.Python)
	c.App = folderWithoutLinks(c.App)
	path := make([]string, len(c.PythonPath))
	for i, folder := range c.PythonPath {
		path[i] = withoutLinks(folder)
	}
	c.PythonPath = path
	return c
}

// withoutLinks is a path without links in it.
func withoutLinks(path string) string {
	if path == "" {
		return ""
	}
	if target, err := filepath.EvalSymlinks(path); err == nil {
		return target
	}
	return path
}

// folderWithoutLinks resolves all but the last part of an absolute path: a Python
// in a virtual environment is itself a link, and finds its environment by
// where it lies. Module names are no paths and stay.
func folderWithoutLinks(path string) string {
	if !filepath.IsAbs(path) {
		return path
	}
	folder, name := filepath.Split(path)
	return filepath.Join(withoutLinks(folder), name)
}
