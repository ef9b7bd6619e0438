// Package listeners owns what stands between a client and a location: sockets,
// connections, HTTP, sites, and the access log. It is built from plain values,
// changes as a whole in transactions, and refuses to know what a location's
// handler does.
package listeners
