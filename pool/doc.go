// Package pool runs a Python application in worker processes and hands HTTP
// requests to them.
//
// It owns the processes of one pool and everything about their life: finding
// the interpreter, boot, supervision with back-off, recycling, drain and the
// kill ladder; the one bounded queue of the pool; dispatch to the idle slot of
// the least busy process, and a little ahead of busy ones while requests are
// short; taking back what a worker has not begun; gathering the answers of a
// saturated pool; the request timeout; the output of the application.
// A pool is one generation of one configured pool and is never reconfigured.
//
// It refuses to know how a request arrived (it sees http.Handler's types and a
// small exchange interface), never parses configuration, never forks (that is
// a Spawner's work) and never believes a worker: liveness is the process, not
// the socket, and a worker that breaks the protocol is killed.
package pool
