package exchange

// detachable is what an engine's http.ResponseWriter can do beside, where a
// request may go on after its handler has returned.
type detachable interface {
	Detach(left interface{ Resume() }) bool
	Attach()
	Unsent() int64
	Claim() bool
	Complete()
	Recall()
}

// Detach lets the handler return before the response is there; left is what it
// would have gone on with. Whoever gets hold of the response then answers in
// the handler's place: by Claim and, if that says so, Complete, which resumes
// it right there; else by Recall, which has it resumed where the handler ran.
// Whatever a client does meanwhile has that done, too. What is resumed must not
// wait for the client or anybody else, unless it was recalled.
//
// False: the engine cannot, and the handler has to stay. A rule in front of the
// handler that passes the exchange on as it is must have nothing to do
// afterwards; one that wraps it cannot be detached from.
func (x *Exchange) Detach(left interface{ Resume() }) bool {
	engine, ok := x.inner.(detachable)
	if !ok || !engine.Detach(left) {
		return false
	}
	x.engine = engine
	return true
}

// Attach takes Detach back where the handler does not return after all.
func (x *Exchange) Attach() {
	if x.engine != nil {
		x.engine.Attach()
		x.engine = nil
	}
}

// lose takes into account what was written and the client never took.
func (x *Exchange) lose() {
	if x.engine == nil {
		return
	}
	if unsent := x.engine.Unsent(); unsent > 0 {
		x.body -= min(x.body, unsent)
		if x.reason == "" {
			x.reason = ReasonClientGone
		}
	}
}

// Detached reports whether the handler may return before the response is there.
func (x *Exchange) Detached() bool { return x.engine != nil }

// Claim reports whether the caller is to answer the request, by Complete.
func (x *Exchange) Claim() bool { return x.engine.Claim() }

// Complete resumes the request and ends it; the exchange is over then.
func (x *Exchange) Complete() { x.engine.Complete() }

// Recall has the request resumed where its handler ran.
func (x *Exchange) Recall() { x.engine.Recall() }
