package pool

// away is an owner of a request whose handler has returned before the response
// was there. Who has the response passes it on in its place.
type away interface {
	// Claim reports whether the caller is to call Complete.
	Claim() bool
	// Complete resumes the answer and ends the request. It does not wait for
	// the client.
	Complete()
	// Recall has the owner resume the answer itself.
	Recall()
}

// claimed is an owner in whose place somebody else passes the response on; the
// zero one is none.
type claimed struct{ owner away }

// complete passes the response on.
func (c claimed) complete() {
	if c.owner != nil {
		c.owner.Complete()
	}
}

// detacher is a http.ResponseWriter that lets its handler return before.
type detacher interface {
	away
	Detach(left interface{ Resume() }) bool
}

// detach lets the handler return as soon as the request is admitted, so that
// the reader of the slot answers the client, and no goroutine has to be woken
// for it. False: it has to stay.
func (a *answer) detach() bool {
	owner, ok := a.writer.(detacher)
	if !ok || !owner.Detach(a) {
		return false
	}
	a.request.response.away = owner
	return true
}

// Resume passes the response on, and ends the request.
func (a *answer) Resume() {
	defer a.close()
	a.request.response.back()
	a.serve()
}

// close ends the request; nobody touches it afterwards.
func (a *answer) close() {
	a.pool.endRequest(a.request)
	a.request.message.release()
}
