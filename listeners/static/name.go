package static

import "strings"

// clean turns a decoded path into a name relative to the folder: no empty
// segments, no slash at either end; "" is the folder itself. slash says that
// the path asks for a folder. A path that could leave the folder, or that is
// hidden, is not ok. A backslash is a letter like any other here.
func clean(path string, dotfiles bool) (name string, slash, ok bool) {
	if strings.IndexByte(path, 0) >= 0 {
		return "", false, false
	}
	slash = strings.HasSuffix(path, "/")
	name = strings.Trim(path, "/")
	if strings.Contains(name, "//") {
		name = strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r == '/' }), "/")
	}
	for rest, more := name, name != ""; more; {
		var segment string
		segment, rest, more = strings.Cut(rest, "/")
		if segment[0] == '.' && !visible(segment, dotfiles) {
			return "", false, false
		}
	}
	return name, slash, true
}

// visible judges a segment that begins with a dot. .well-known is there to be
// seen (RFC 8615).
func visible(segment string, dotfiles bool) bool {
	if segment == "." || segment == ".." {
		return false
	}
	return dotfiles || segment == ".well-known"
}
