// Package spawn starts processes, learns how they ended, and is the only code
// of appserve that does either.
//
// It owns one goroutine on one operating system thread. That thread starts
// every process, so that what a new process inherits from a thread (the umask,
// the capabilities) can be set without touching the rest of appserve, and so
// that the parent death signal, which fires when the *thread* that forked ends
// (golang/go#27505), means the end of appserve. The same thread collects the
// exit statuses of what it started, and of the orphans that the kernel hands
// to appserve as PID 1 or as a child subreaper: what one goroutine does alone
// needs no lock against a child that dies before it is known.
//
// A started process has its own session, /dev/null as standard input, pipes as
// standard output and error, the descriptors it was given, and nothing else:
// every descriptor made here is close-on-exec from birth.
//
// It refuses to know what runs in a process, to restart anything, to look up
// users, and to touch children which other code of the same binary started
// with os/exec: those are recognised by hanging on another thread, or by
// sharing our session, and left to whoever waits for them.
package spawn
