package spawn

import "os"

// Spec says what to start and as what.
type Spec struct {
	// Path of the program. It is not searched for, and a relative one is
	// resolved beneath Dir.
	Path string
	// Args without argv[0], which is Path (Python finds its virtualenv by it).
	Args []string
	// Env is the whole environment ("NAME=value"); nothing is inherited.
	Env []string
	// Dir is the working directory, entered with the rights of Credential; "": ours.
	Dir string
	// Files become the descriptors 3, 4, ...; the caller still owns them. The
	// new process shares the open file description: whether it blocks is the
	// same on both sides.
	Files []*os.File
	// Credential is the identity to take; nil: ours.
	Credential *Credential
	// Umask of the process; negative: ours.
	Umask int
}
