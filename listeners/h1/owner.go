package h1

import "net/http"

// Owner is whom a connection belongs to. All methods are called in the
// goroutine that serves it, or, from Resume to Finish, in that of whoever
// answers a request that was detached.
type Owner interface {
	// Serve handles a request. When it returns the response is complete, or
	// the request was detached. A panic with http.ErrAbortHandler ends the
	// connection so that nobody takes the response for a whole one.
	Serve(w http.ResponseWriter, r *http.Request)
	// Resume runs what is left of a request that was detached. It returns and
	// panics as Serve does.
	Resume(left Task)
	// Refuse gives the whole answer to what is no request.
	Refuse(r Refusal) []byte
	// Finish is called once after each Serve and each Refuse, when the last
	// byte of the response is written or never will be: how many bytes of the
	// connection belonged to both.
	Finish(sent, received int64)
	// Panicked is told what else Serve panicked with.
	Panicked(value any, stack []byte)
	// Closed is called when the connection is.
	Closed()
}

// Refusal says why a request is answered without a handler.
type Refusal struct {
	Status int
	Detail string // for a log: our own words
	Size   int64  // of the request's head as far as it was read, in bytes
	Fields int    // its field lines so far
}
