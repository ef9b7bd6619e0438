package config

import (
	"path/filepath"
	"strings"
)

// filePath is a file or folder; relative to the folder of the file that says it.
func filePath() kind {
	return ofString("path", `"/srv/app"`, `""`, func(c *cell, s string) (any, *fault) {
		switch {
		case s == "":
			return nil, c.fault("This path is empty", "The folder of this file is \".\". Leave the line out when nothing is meant.")
		case strings.ContainsFunc(s, isControl):
			return nil, c.fault("This path holds a control character", "No line breaks or control characters are allowed here.")
		case strings.HasPrefix(s, "~"):
			return nil, c.fault("A path does not begin with \"~\"", "No shell expands it here. Write the folder in full.")
		case strings.HasPrefix(s, "file://"):
			return nil, c.fault("A path is not a URL", "%s", c.write(quote(strings.TrimPrefix(s, "file://"))))
		}
		return absolute(c.folder, s), nil
	}, printText)
}

// logOutput is "stderr", "stdout" or a file.
func logOutput() kind {
	path := filePath()
	return ofString(`"stderr", "stdout" or path`, `"stdout"`, `""`, func(c *cell, s string) (any, *fault) {
		switch s {
		case "stderr", "stdout":
			return s, nil
		case "-", "/dev/stdout", "/proc/self/fd/1":
			return nil, c.fault("This output has a name of its own", "%s", c.write(`"stdout"`))
		case "/dev/stderr", "/proc/self/fd/2":
			return nil, c.fault("This output has a name of its own", "%s", c.write(`"stderr"`))
		case "off", "none", "/dev/null":
			return nil, c.fault("A log is not turned off by its output", "An access log is turned off by enabled = false; what the log block says by level.")
		}
		if strings.HasPrefix(s, "syslog:") {
			return nil, c.fault("There is no output to syslog", "Write to \"stderr\": journald and syslog read it from there.")
		}
		if !strings.Contains(s, "/") && !strings.Contains(s, ".") {
			if near := suggest(s, []string{"stderr", "stdout"}); near != "" {
				return nil, c.fault("This output is not known", "Did you mean %s? A file is written with a slash. %s", quote(near), c.write(quote(near)))
			}
		}
		return path.read(c, ctyString(s))
	}, printText)
}

// isBeneath reports whether path is folder or lies in it.
func isBeneath(path, folder string) bool {
	rel, err := filepath.Rel(folder, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, "../")
}
