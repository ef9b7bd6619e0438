package h1

import "time"

// SetReadDeadline bounds reading the request's body; the zero time does not.
func (w *response) SetReadDeadline(t time.Time) error {
	w.conn.setReadDeadline(w.conn.at(t))
	return nil
}

// SetWriteDeadline bounds writing the response; the zero time leaves it to the
// send timeout.
func (w *response) SetWriteDeadline(t time.Time) error {
	w.conn.out.byHandler = w.conn.at(t)
	return w.conn.nc.SetWriteDeadline(t)
}

// EnableFullDuplex has nothing to do: a handler may always read and write.
func (w *response) EnableFullDuplex() error { return nil }

// ClientEnded is closed when the client has ended its direction of the
// connection: it may be gone, or wait for the answer. It is noticed only while
// a request runs longer than a moment.
func (w *response) ClientEnded() <-chan struct{} { return w.conn.context.halfClosed() }
