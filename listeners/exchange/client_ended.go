package exchange

// ClientEnded is closed when the client has ended its direction of the
// connection: it may be gone, or may still wait for the answer. Whoever keeps a
// request waiting may drop it then; one that runs goes on, and the context of
// the request says when its client is really gone. Nil, which never comes,
// where the engine cannot tell. It is noticed a moment after the request began
// at the earliest.
func (x *Exchange) ClientEnded() <-chan struct{} {
	if engine, ok := x.inner.(interface{ ClientEnded() <-chan struct{} }); ok {
		return engine.ClientEnded()
	}
	return nil
}
