// Package h1 owns HTTP/1.1 on a connection: it reads requests after RFC 9110
// and RFC 9112 and nothing more, hands each to its owner as an *http.Request
// with an http.ResponseWriter, writes the response, and keeps the deadlines of
// both. One goroutine serves a connection; a request whose handler has returned
// before its response is answered by whoever has that. Request, header, buffers
// and writer are used again for the next request, so that a handler must not
// keep them; a connection that waits for a request holds none of them.
//
// The context of a request is that of its connection: it is cancelled when the
// client is gone or the connection ends, not when the handler returns. Gone is
// a client whose connection was reset, or that does not take the response. One
// that only ended its own direction may still wait for the answer, and gets it.
//
// It refuses to route, to log, to look into TLS, and to judge what is not
// framing: a request that it hands over can be told from its neighbours by
// everybody, and that is all.
package h1
