package compress

import (
	"io"
	"net/http"
)

// writer is the http.ResponseWriter of a location whose responses may be
// compressed. Whether this one is, is decided when its head is written.
type writer struct {
	rule    *rule
	inner   http.ResponseWriter
	request *http.Request
	coding  string  // that the client takes; "": none
	decided bool    // the head was written
	encoder encoder // nil: nothing is compressed, or not yet
	out     []byte  // coded bytes on their way, so that they leave in few pieces
	failed  error   // of a write to inner; the client is gone
}

// outSize is how many coded bytes are gathered before they are sent on.
const outSize = 16 << 10

// Header implements http.ResponseWriter.
func (c *writer) Header() http.Header { return c.inner.Header() }

// Unwrap gives the writer beneath, for http.ResponseController and for those
// that look for the exchange.
func (c *writer) Unwrap() http.ResponseWriter { return c.inner }

// WriteHeader implements http.ResponseWriter.
func (c *writer) WriteHeader(status int) {
	if status >= 200 && !c.decided {
		c.decided = true
		c.decide(status)
	}
	c.inner.WriteHeader(status)
}

// decide makes the response a compressed one, if it is worth it and there is
// an encoder to be had.
func (c *writer) decide(status int) {
	header := c.inner.Header()
	if !c.rule.worth(header, c.request, status) {
		return
	}
	vary(header)
	if c.coding == "" || !c.rule.budget.take() {
		return
	}
	announce(header, c.coding)
	if c.request.Method == http.MethodHead {
		c.rule.budget.giveBack()
		return
	}
	c.encoder = c.rule.encoders[c.coding].Get().(encoder)
	c.encoder.Reset(coded{c})
}

// Write implements http.ResponseWriter.
func (c *writer) Write(p []byte) (int, error) {
	if !c.decided {
		c.WriteHeader(http.StatusOK)
	}
	if c.encoder == nil {
		return c.inner.Write(p)
	}
	if c.failed != nil {
		return 0, c.failed
	}
	return c.encoder.Write(p)
}

// WriteString implements io.StringWriter.
func (c *writer) WriteString(s string) (int, error) {
	if !c.decided {
		c.WriteHeader(http.StatusOK)
	}
	if c.encoder == nil {
		return io.WriteString(c.inner, s)
	}
	return c.Write([]byte(s))
}

// ReadFrom implements io.ReaderFrom: what is not compressed goes out as if the
// writer were not here, files by sendfile.
func (c *writer) ReadFrom(src io.Reader) (int64, error) {
	if !c.decided {
		c.WriteHeader(http.StatusOK)
	}
	if to, ok := c.inner.(io.ReaderFrom); ok && c.encoder == nil {
		return to.ReadFrom(src)
	}
	return io.Copy(struct{ io.Writer }{c}, src)
}

// FlushError sends everything that was written, for http.ResponseController.
func (c *writer) FlushError() error {
	if !c.decided {
		c.WriteHeader(http.StatusOK)
	}
	if c.encoder != nil {
		if err := c.encoder.Flush(); err != nil {
			return err
		}
		if err := c.pass(); err != nil {
			return err
		}
	}
	return http.NewResponseController(c.inner).Flush()
}

// Flush implements http.Flusher.
func (c *writer) Flush() { _ = c.FlushError() }

// coded is where the encoder writes.
type coded struct{ writer *writer }

// Write implements io.Writer.
func (e coded) Write(p []byte) (int, error) {
	c := e.writer
	if c.failed != nil {
		return 0, c.failed
	}
	if c.out == nil {
		c.out = make([]byte, 0, outSize)
	}
	n := len(p)
	for len(c.out)+len(p) > outSize {
		room := outSize - len(c.out)
		c.out, p = append(c.out, p[:room]...), p[room:]
		if err := c.pass(); err != nil {
			return 0, err
		}
	}
	c.out = append(c.out, p...)
	return n, nil
}

// pass sends on what was coded.
func (c *writer) pass() error {
	if len(c.out) == 0 || c.failed != nil {
		return c.failed
	}
	_, c.failed = c.inner.Write(c.out)
	c.out = c.out[:0]
	return c.failed
}

// finish ends a response that its handler has completed.
func (c *writer) finish() {
	if c.encoder == nil {
		return
	}
	if c.failed == nil && c.encoder.Close() == nil {
		_ = c.pass() // whoever is gone is seen by the engine
	}
	c.encoder.Reset(nil)
	c.rule.encoders[c.coding].Put(c.encoder)
	c.rule.budget.giveBack()
}

// forget makes the writer ready for another response.
func (c *writer) forget() *writer {
	*c = writer{out: c.out[:0]}
	return c
}
