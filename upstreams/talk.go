package upstreams

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall"

	"github.com/appserve/appserve/upstreams/http1"
)

// maxInterim bounds the 1xx heads before the final one.
const maxInterim = 32

// talk sends the request over f.conn and passes the response on. Afterwards
// the connection is kept, closed, or was a tunnel that ended.
func (f *forward) talk() *failure {
	f.conn.Begin(f.limits)
	stopWatch := f.conn.Watch(f.r.Context())
	keep := false
	defer func() {
		f.stopUpload()
		if stopWatch() && keep && f.conn.Park() {
			f.server.idle.put(f.conn)
		} else {
			_ = f.conn.Close()
		}
		f.conn = nil
	}()
	if sent, err := f.conn.Write(f.out); err != nil {
		failed := classify(err)
		failed.stale = f.reused && failed.reason == reasonReset && (sent == 0 || f.repeatable())
		return failed
	}
	f.startUpload()
	if failed := f.receiveHead(); failed != nil {
		return failed
	}
	if f.status == http.StatusSwitchingProtocols {
		return f.tunnel(stopWatch)
	}
	if err := f.respond(); err != nil {
		return classify(err)
	}
	keep = f.head.KeepAlive && f.uploaded()
	return nil
}

// receiveHead passes interim responses on and returns with the final head in f.head.
func (f *forward) receiveHead() *failure {
	for interim := 0; ; interim++ {
		err := http1.ReadHead(f.conn, &f.head, f.r.Method, f.group.protocol.style())
		if err != nil {
			failed := classify(err)
			failed.stale = f.reused && f.repeatable() && interim == 0 && len(f.conn.Buffered()) == 0 && closed(err)
			return failed
		}
		if f.head.Interim() {
			if interim == maxInterim {
				return classify(&http1.BadResponse{What: "it has too many interim responses"})
			}
			f.interim()
			continue
		}
		if f.head.Status == http.StatusSwitchingProtocols && !f.switches() {
			return classify(&http1.BadResponse{What: "it switches to a protocol nobody asked for"})
		}
		f.status = f.head.Status
		f.group.succeeded(f.server)
		return nil
	}
}

// switches says whether a 101 is the answer to our Upgrade.
func (f *forward) switches() bool {
	return f.upgrade != "" && strings.EqualFold(f.head.Upgrade, f.upgrade)
}

// closed says whether the server closed the connection; when it had not sent
// a byte, a connection that was kept had probably died before.
func closed(err error) bool {
	return errors.Is(err, http1.ErrNoResponse) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// respond writes the final head and streams the body. Whatever can be written
// without waiting is written before it is flushed.
func (f *forward) respond() error {
	if !f.uploaded() {
		// What the client still sends must never be taken for its next request.
		f.w.Header().Set("Connection", "close")
	}
	f.releaseBody()
	f.writeHead()
	f.unflushed = true
	f.answer.Reset(f.conn, &f.head)
	for {
		piece, err := f.answer.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if _, err := f.w.Write(piece); err != nil {
			return &clientError{err: err}
		}
		f.unflushed = true
	}
	f.writeTrailers()
	return nil
}
