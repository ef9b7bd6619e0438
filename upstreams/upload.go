package upstreams

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/appserve/appserve/upstreams/conn"
	"github.com/appserve/appserve/upstreams/http1"
)

const (
	// uploadPiece is the most bytes of a request body sent at once.
	uploadPiece = 32 << 10

	// stopStep is how often a reader of the client's body is woken up until
	// it ends: the listening side may set a deadline of its own meanwhile.
	stopStep = 10 * time.Millisecond

	// uploadGrace is what an upload that is as good as done gets to say so.
	uploadGrace = 5 * time.Millisecond
)

var errCutShort = errors.New("the response was complete before the body")

// uploadBuffer holds a piece of a request body with the room of a chunk around it.
type uploadBuffer [http1.RoomBefore + uploadPiece + http1.RoomAfter]byte

// upload sends a request body in a goroutine of its own, so that the response
// can be read meanwhile. The forward that started it always waits for its end.
// A client that waits for 100 Continue gets it at the first read: the server is
// not asked (RFC 9110 10.1.1), because those that ignore the question would
// cost every such upload a wait.
type upload struct {
	conn    *conn.Conn
	body    io.Reader
	length  int64         // -1: chunked
	request *http.Request // for its trailers
	buffers *sync.Pool

	done chan struct{}
	err  error // how it ended; to be read after done
}

// startUpload begins to send the body, if there is one. While it runs the
// server may be silent: it waits for us.
func (f *forward) startUpload() {
	if f.body == nil {
		return
	}
	u := &upload{
		conn: f.conn, body: f.body, length: f.length, request: f.r,
		buffers: &f.group.uploads, done: make(chan struct{}),
	}
	// net/http would read the rest of the body before it sends the head of
	// the response. Other servers need no telling, hence the ignored error.
	_ = http.NewResponseController(f.w).EnableFullDuplex()
	f.conn.Pause()
	f.upload = u
	go u.run()
}

// run is the goroutine. It ends with the body, with a failure of either side,
// or when stopUpload cuts both.
func (u *upload) run() {
	defer close(u.done)
	u.err = u.send()
	u.conn.Resume()
	var client *clientError
	var timeout *conn.TimeoutError
	if errors.As(u.err, &client) || errors.As(u.err, &timeout) {
		u.conn.Cancel(u.err) // the reader would wait for an answer that cannot come
	}
}

func (u *upload) send() (err error) {
	// The engine survives a panic in a handler, but this is another goroutine.
	defer func() {
		if p := recover(); p != nil {
			err = &clientError{reading: true, err: fmt.Errorf("reading the body panicked: %v", p)}
		}
	}()
	buf, ok := u.buffers.Get().(*uploadBuffer)
	if !ok {
		buf = new(uploadBuffer)
	}
	defer u.buffers.Put(buf)
	for {
		n, err := u.body.Read(buf[http1.RoomBefore : http1.RoomBefore+uploadPiece])
		if n > 0 {
			if err := u.sendPiece(buf[:], n); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return u.finish()
		}
		if err != nil {
			return &clientError{reading: true, err: err}
		}
	}
}

func (u *upload) sendPiece(buf []byte, n int) error {
	piece := buf[http1.RoomBefore : http1.RoomBefore+n]
	if u.length < 0 {
		piece = http1.FrameChunk(buf, n)
	}
	_, err := u.conn.Write(piece)
	return err
}

func (u *upload) finish() error {
	if u.length < 0 {
		return http1.WriteLastChunk(u.conn, u.request.Trailer)
	}
	return nil
}

// uploaded says whether the whole body was sent. An upload that is not done
// by now, although the server answers, is given a moment.
func (f *forward) uploaded() bool {
	u := f.upload
	if u == nil {
		return true
	}
	select {
	case <-u.done:
		return u.err == nil
	default:
	}
	if f.flushClient() != nil {
		return false
	}
	timer := time.NewTimer(uploadGrace)
	defer timer.Stop()
	select {
	case <-u.done:
		return u.err == nil
	case <-timer.C:
		return false
	}
}

// releaseBody gives a buffered body back as soon as it is sent: the response
// may take much longer.
func (f *forward) releaseBody() {
	if !f.held || f.upload == nil {
		return
	}
	select {
	case <-f.upload.done:
		f.held = false
		f.x.ReleaseBody()
	default:
	}
}

// stopUpload returns when the upload has ended, cutting it where it stands.
func (f *forward) stopUpload() {
	u := f.upload
	if u == nil {
		return
	}
	f.upload = nil
	select {
	case <-u.done:
		return
	default:
	}
	f.conn.Cancel(errCutShort)
	client := http.NewResponseController(f.w)
	again := time.NewTicker(stopStep)
	defer again.Stop()
	for {
		_ = client.SetReadDeadline(time.Unix(1, 0))
		select {
		case <-u.done:
			_ = client.SetReadDeadline(time.Time{}) // the rest of the body is the listening side's to drain
			return
		case <-again.C:
		}
	}
}
