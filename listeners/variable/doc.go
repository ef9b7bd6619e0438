// Package variable owns request variables: their names, texts that contain
// them, and how values are escaped where they stand. It refuses to know what
// a request is: a Source does.
package variable
