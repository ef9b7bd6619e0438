// Package python holds the worker: the Python program that runs a WSGI
// application in a process of its own, as sources that travel in the binary.
//
// It owns the modules _appserve*.py, which need nothing but the standard
// library of CPython 3.9 or PyPy 3.9 and later, and the two things that start
// them: Bootstrap, the text for python -c, and Archive, the zip that the
// bootstrap imports from descriptor 4. What the modules do, and which of them
// owns what, is said at the top of _appserve.py.
//
// It refuses to start processes, to find interpreters and to speak the link:
// pool/spawn, pool and pool/link do.
package python

import (
	"archive/zip"
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"time"
)

// Bootstrap is the program for "python -c". A worker is started as
//
//	python -c BOOTSTRAP appserve pool=NAME slot=N
//
// with the control connection as descriptor 3 and the archive as descriptor 4.
// The empty entry of the import path (the working directory) goes before
// anything is imported, so that no module of an application is taken for one
// of the standard library.
const Bootstrap = `import sys; sys.path[:] = ["/proc/self/fd/4", *filter(None, sys.path)]; import _appserve; _appserve.main()`

//go:embed _appserve*.py
var sources embed.FS

// Archive returns a zip of the worker's modules: the same bytes for the same
// sources, uncompressed, because a Python may lack zlib.
func Archive() []byte {
	var buffer bytes.Buffer
	writer := zip.NewWriter(&buffer)
	if err := addModules(writer); err != nil {
		panic(fmt.Sprintf("packing the worker: %v", err)) // both ends are memory
	}
	return buffer.Bytes()
}

func addModules(writer *zip.Writer) error {
	names, err := fs.Glob(sources, "*.py") // sorted
	if err != nil {
		return err
	}
	for _, name := range names {
		source, err := sources.ReadFile(name)
		if err != nil {
			return err
		}
		entry, err := writer.CreateHeader(&zip.FileHeader{
			Name:     name,
			Method:   zip.Store,
			Modified: time.Date(1980, time.January, 1, 0, 0, 0, 0, time.UTC), // the first moment that zip knows
		})
		if err != nil {
			return err
		}
		if _, err := entry.Write(source); err != nil {
			return err
		}
	}
	return writer.Close()
}
