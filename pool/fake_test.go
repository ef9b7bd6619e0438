package pool_test

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/appserve/appserve/pool"
	"github.com/appserve/appserve/pool/link"
	"github.com/appserve/appserve/pool/link/marshal"
	"github.com/hashicorp/go-hclog"
	"golang.org/x/sys/unix"
)

// fakeSpawner starts goroutines that speak the link as workers do, or as no
// worker should.
type fakeSpawner struct {
	t       testing.TB
	script  func(w *fakeWorker) // run by each worker; its return does not end it
	started chan *fakeWorker
	pids    atomic.Int32
	scripts sync.WaitGroup
}

// fakeWorker is the other side of a worker.
type fakeWorker struct {
	t       testing.TB
	spec    pool.Spec
	pid     int
	number  int // 1 for the first that the spawner started
	control *net.UnixConn
	slots   []*net.UnixConn
	bodies  *net.UnixConn // the last descriptor of the start message

	out, err       *os.File // what it prints to
	stdout, stderr *os.File
	once           sync.Once
	exited         chan struct{}
	status         pool.Status
	mu             sync.Mutex
	signals        []syscall.Signal
	closed         bool
	orphans        bool // its group lives on until SIGKILL
}

func newFakeSpawner(t testing.TB, script func(w *fakeWorker)) *fakeSpawner {
	s := &fakeSpawner{t: t, script: script, started: make(chan *fakeWorker, 100)}
	t.Cleanup(s.scripts.Wait)
	return s
}

func (s *fakeSpawner) Start(spec pool.Spec) (pool.Process, error) {
	n := int(s.pids.Add(1))
	w := &fakeWorker{t: s.t, spec: spec, pid: 100000 + n, number: n, exited: make(chan struct{})}
	w.control = fakeConn(s.t, spec.Files[0])
	w.stdout, w.out = pipe(s.t)
	w.stderr, w.err = pipe(s.t)
	s.scripts.Go(func() { s.script(w) })
	s.started <- w
	return w, nil
}

func pipe(t testing.TB) (r, w *os.File) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	return r, w
}

// fakeConn is a connection over a copy of the descriptor.
func fakeConn(t testing.TB, file *os.File) *net.UnixConn {
	conn, err := net.FileConn(file)
	if err != nil {
		t.Error(err)
		return nil
	}
	return conn.(*net.UnixConn)
}

func (w *fakeWorker) PID() int                { return w.pid }
func (w *fakeWorker) Stdout() *os.File        { return w.stdout }
func (w *fakeWorker) Stderr() *os.File        { return w.stderr }
func (w *fakeWorker) Exited() <-chan struct{} { return w.exited }
func (w *fakeWorker) Status() pool.Status     { return w.status }

func (w *fakeWorker) Signal(sig syscall.Signal) error {
	w.mu.Lock()
	w.signals = append(w.signals, sig)
	w.mu.Unlock()
	if sig == syscall.SIGKILL {
		w.exit(pool.Status{Code: -1, Signal: sig})
	}
	return nil
}

func (w *fakeWorker) SignalGroup(sig syscall.Signal) error {
	select {
	case <-w.exited:
		w.mu.Lock()
		defer w.mu.Unlock()
		if !w.orphans {
			return os.ErrProcessDone
		}
		w.signals = append(w.signals, sig)
		w.orphans = sig != syscall.SIGKILL
		return nil
	default:
		return w.Signal(sig)
	}
}

func (w *fakeWorker) got(sig syscall.Signal) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.signals {
		if s == sig {
			return true
		}
	}
	return false
}

// exit ends the process; the first status stays.
func (w *fakeWorker) exit(status pool.Status) {
	w.once.Do(func() {
		w.status = status
		w.closeLinks()
		_ = w.out.Close()
		_ = w.err.Close()
		close(w.exited)
	})
}

func (w *fakeWorker) closeLinks() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	_ = w.control.Close()
	for _, s := range w.slots {
		_ = s.Close()
	}
	if w.bodies != nil {
		_ = w.bodies.Close()
	}
}

// tell sends a control message.
func (w *fakeWorker) tell(text string) {
	_, _ = w.control.Write([]byte(text)) // fails when the test has ended the worker
}

// hear receives a control message of a type, whatever comes before it; nil
// when the connection ends.
func (w *fakeWorker) hear(kind string) map[string]any {
	for {
		m := w.hearAny()
		if m == nil || m["type"] == kind {
			return m
		}
	}
}

func (w *fakeWorker) hearAny() map[string]any {
	buf, oob := make([]byte, 1<<16), make([]byte, 4096)
	n, oobn, _, _, err := w.control.ReadMsgUnix(buf, oob)
	if err != nil || n == 0 {
		return nil
	}
	w.takeSlots(oob[:oobn])
	m := map[string]any{}
	if err := json.Unmarshal(buf[:n], &m); err != nil {
		w.t.Errorf("control message %q: %v", buf[:n], err)
	}
	return m
}

func (w *fakeWorker) takeSlots(oob []byte) {
	messages, _ := unix.ParseSocketControlMessage(oob)
	for i := range messages {
		fds, _ := unix.ParseUnixRights(&messages[i])
		for _, fd := range fds {
			file := os.NewFile(uintptr(fd), "slot")
			conn := fakeConn(w.t, file)
			_ = file.Close()
			w.mu.Lock()
			if w.closed {
				_ = conn.Close()
			}
			if w.bodies != nil {
				w.slots = append(w.slots, w.bodies)
			}
			w.bodies = conn
			w.mu.Unlock()
		}
	}
}

const fakeHello = `{"type":"hello","protocol":1,"python":"3.11.2","implementation":"CPython","marshal":4,` +
	`"marshal_ok":true,"pid":1,"signals":{"dump":41}}`

// boot goes through the boot as a sound worker does; false when it was ended.
func (w *fakeWorker) boot() bool {
	w.tell(fakeHello)
	if w.hear("start") == nil {
		return false
	}
	w.tell(`{"type":"ready","interface":"wsgi"}`)
	return true
}

// leave answers drain as a sound worker does.
func (w *fakeWorker) leave() {
	if w.hear("drain") != nil {
		w.exit(pool.Status{})
	}
}

// taken is a request as a worker receives it.
type taken struct {
	w     *fakeWorker
	slot  *net.UnixConn
	id    uint32
	flags uint8
	rest  string // environ and body
}

// take receives one request on a slot; nil when the link ended.
func (w *fakeWorker) take(slot int) *taken {
	w.mu.Lock()
	conn := w.slots[slot]
	w.mu.Unlock()
	buf := make([]byte, link.ReceiveBuffer)
	n, err := conn.Read(buf)
	if err != nil || n < link.HeaderSize+4 {
		return nil
	}
	if buf[1]&link.FlagBodyFD != 0 {
		w.dropBody()
	}
	return &taken{w: w, slot: conn, id: binary.LittleEndian.Uint32(buf[4:]), flags: buf[1], rest: string(buf[link.HeaderSize:n])}
}

// dropBody receives a body and closes it.
func (w *fakeWorker) dropBody() {
	header, oob := make([]byte, link.HeaderSize), make([]byte, 64)
	_, oobn, _, _, err := w.bodies.ReadMsgUnix(header, oob)
	messages, _ := unix.ParseSocketControlMessage(oob[:oobn])
	if err != nil || len(messages) != 1 {
		w.t.Errorf("a body in %d messages: %v", len(messages), err)
		return
	}
	fds, _ := unix.ParseUnixRights(&messages[0])
	for _, fd := range fds {
		_ = unix.Close(fd)
	}
}

func (r *taken) send(message []byte) { _, _ = r.slot.Write(message) }

// head sends a HEAD, with the body's first part.
func (r *taken) head(flags uint8, status int, body string, headers ...string) {
	e := marshal.Encoder{Legacy: true}
	b := e.AppendInt(e.AppendTuple(nil, 2), int64(status))
	b = e.AppendList(b, len(headers)/2)
	for i := 0; i < len(headers); i += 2 {
		b = e.AppendLatin1(e.AppendLatin1(e.AppendTuple(b, 2), headers[i]), headers[i+1])
	}
	m := link.AppendHeader(nil, link.TypeHead, flags, r.id)
	m = binary.LittleEndian.AppendUint32(m, uint32(len(b)))
	r.send(append(append(m, b...), body...))
}

func (r *taken) body(flags uint8, body string) {
	r.send(append(link.AppendHeader(nil, link.TypeBody, flags, r.id), body...))
}

func (r *taken) done() {
	r.send(append(link.AppendHeader(nil, link.TypeDone, 0, r.id), 0, 0, 0, 0))
}

func (r *taken) fail(flags, phase uint8, traceback string) {
	r.send(append(append(link.AppendHeader(nil, link.TypeError, flags, r.id), phase), traceback...))
}

const (
	last     = link.FlagLast
	lastDone = link.FlagLast | link.FlagDone
)

// ok answers in one message and frees the slot.
func (r *taken) ok(body string) { r.head(lastDone, 200, body, "Content-Type", "text/plain") }

// serving is the script of a sound worker whose threads answer with f.
func serving(f func(r *taken)) func(w *fakeWorker) {
	return func(w *fakeWorker) {
		if !w.boot() {
			return
		}
		for i := range w.slots {
			go func() {
				for r := w.take(i); r != nil; r = w.take(i) {
					f(r)
				}
			}()
		}
		w.leave()
	}
}

// fakeConfig is a pool of one process with one thread.
func fakeConfig() pool.Config {
	return pool.Config{
		Name: "test", Declared: "test.hcl:1", App: "m:app", Chdir: "/srv", AllowRoot: true, Processes: 1, Threads: 1,
		QueueSize: 100, QueueTimeout: 30 * time.Second, BootTimeout: 10 * time.Second, RequestTimeout: 30 * time.Second,
		GracefulTimeout: 10 * time.Second,
	}
}

// testClock is a clock that a test can push, and stop.
type testClock struct {
	ahead  atomic.Int64
	frozen atomic.Pointer[time.Time]
}

func (c *testClock) now() time.Time {
	if t := c.frozen.Load(); t != nil {
		return t.Add(time.Duration(c.ahead.Load()))
	}
	return time.Now().Add(time.Duration(c.ahead.Load()))
}

// freeze stops the clock: from now on only advance moves it.
func (c *testClock) freeze() {
	now := time.Now()
	c.frozen.Store(&now)
}

func (c *testClock) advance(d time.Duration) { c.ahead.Add(int64(d)) }

// bench is a pool of fake workers.
type bench struct {
	*pool.Pool
	log     *logBuffer
	clock   *testClock
	spawner *fakeSpawner
}

// newBench makes a pool without booting it. It ends with the test, which then
// has as many descriptors open as before.
func newBench(t testing.TB, c pool.Config, script func(w *fakeWorker)) *bench {
	t.Helper()
	if r, w, err := os.Pipe(); err == nil { // the runtime's poller has descriptors too, from its first use on
		_, _ = r.Close(), w.Close()
	}
	before := openDescriptors(t)
	b := &bench{log: &logBuffer{}, clock: &testClock{}}
	t.Cleanup(func() {
		b.Join()
		eventually(t, func() bool { return openDescriptors(t) <= before }, func() string {
			return fmt.Sprintf("%d descriptors before, %d after: %v", before, openDescriptors(t), descriptorNames())
		})
	})
	b.spawner = newFakeSpawner(t, script)
	p, err := pool.New(c, pool.Options{
		Logger:  hclog.New(&hclog.LoggerOptions{Output: b.log, Level: hclog.Debug, DisableTime: true}),
		Spawner: b.spawner, Generation: 7, Now: b.clock.now, Interpreter: pool.Interpreter{Path: "/usr/bin/python3"},
	})
	if err != nil {
		t.Fatal(err)
	}
	b.Pool = p
	t.Cleanup(p.Kill)
	return b
}

// bootBench boots all workers of a pool of fakes.
func bootBench(t testing.TB, c pool.Config, script func(w *fakeWorker)) *bench {
	t.Helper()
	b := newBench(t, c, script)
	if err := b.BootCanary(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := b.BootRest(context.Background()); err != nil {
		t.Fatal(err)
	}
	return b
}

func openDescriptors(t testing.TB) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

// descriptorNames says what is open.
func descriptorNames() []string {
	entries, _ := os.ReadDir("/proc/self/fd")
	var names []string
	for _, e := range entries {
		name, _ := os.Readlink("/proc/self/fd/" + e.Name())
		names = append(names, e.Name()+" "+name)
	}
	return names
}

// async serves a request in a goroutine and returns where its end is told.
func async(b *bench, target string) <-chan *testExchange {
	done := make(chan *testExchange, 1)
	go func() { done <- serve(b.Handler(pool.HandlerOptions{}), get(target)) }()
	return done
}

// closeRead makes our sends to a slot fail.
func (w *fakeWorker) closeRead(slot int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	_ = w.slots[slot].CloseRead()
}
