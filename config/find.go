package config

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// find is the first phase: paths become files. A folder gives its own *.hcl
// and *.hcl.json, sorted by name; dotfiles and backups are not configuration.
func (l *loading) find(paths []string) []string {
	var files []string
	for _, path := range paths {
		info, err := os.Stat(path)
		switch {
		case err != nil:
			l.diags.errorAt(hcl.Range{}, "Cannot read "+path, readError(err))
		case info.IsDir():
			files = append(files, l.findIn(path)...)
		default:
			files = append(files, filepath.Clean(path))
		}
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(files, func(file string) bool {
		again := seen[file]
		seen[file] = true
		return again
	})
}

func (l *loading) findIn(folder string) []string {
	entries, err := os.ReadDir(folder) // sorted by name
	if err != nil {
		l.diags.errorAt(hcl.Range{}, "Cannot read "+folder, readError(err))
		return nil
	}
	var files []string
	for _, entry := range entries {
		if name := entry.Name(); isConfigName(name) && !entry.IsDir() {
			files = append(files, filepath.Join(folder, name))
		}
	}
	if len(files) == 0 {
		l.diags.errorAt(hcl.Range{}, "No configuration in "+folder, "The folder has no file that ends in .hcl or .hcl.json.")
	}
	return files
}

// isConfigName reports whether a folder's file is configuration.
func isConfigName(name string) bool {
	return !strings.HasPrefix(name, ".") && !strings.HasPrefix(name, "#") &&
		(strings.HasSuffix(name, ".hcl") || strings.HasSuffix(name, ".hcl.json"))
}

// readError is the end of a message about a file: what the system said, without repeating the path.
func readError(err error) string {
	switch {
	case os.IsNotExist(err):
		return "There is no such file or folder."
	case os.IsPermission(err):
		return "The permissions do not allow it."
	}
	if pathErr, ok := err.(*os.PathError); ok {
		err = pathErr.Err
	}
	return "The system says: " + err.Error() + "."
}
