package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"
)

// browser is one headless Chromium, spoken to by the DevTools protocol over a
// pair of pipes: messages of JSON, each ended by a NUL.
type browser struct {
	t       *testing.T
	send    *os.File
	session string // of the one page
	output  *record

	mu      sync.Mutex
	last    int
	waiting map[int]chan devtoolsMessage
	events  []devtoolsMessage
	changed chan struct{} // closed when there is an event more
}

// devtoolsMessage is an answer (ID) or an event (Method).
type devtoolsMessage struct {
	ID        int             `json:"id"`
	Method    string          `json:"method"`
	SessionID string          `json:"sessionId"`
	Params    json.RawMessage `json:"params"`
	Result    json.RawMessage `json:"result"`
	Error     *struct {
		Message string `json:"message"`
	} `json:"error"`
}

// startBrowser starts a browser with an empty page; it believes the
// certificate with the given public key beside those of real authorities.
func startBrowser(t *testing.T, pin string) *browser {
	t.Helper()
	program := needProgram(t, "chromium-headless-shell")
	commands, send := pipe(t)
	receive, answers := pipe(t)
	b := &browser{t: t, send: send, output: newRecord(), waiting: map[int]chan devtoolsMessage{}, changed: make(chan struct{})}
	// A profile of its own is what the pin needs; the sandbox needs rights that a container has not.
	process := exec.Command(program, "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage",
		"--disable-background-networking", "--disable-features=BackForwardCache", "--user-data-dir="+t.TempDir(),
		"--ignore-certificate-errors-spki-list="+pin)
	process.ExtraFiles = []*os.File{commands, answers} // descriptors 3 and 4
	process.Stdout, process.Stderr = b.output, b.output
	process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // its helpers end with it
	process.WaitDelay = 5 * time.Second
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	commands.Close()
	answers.Close()
	read := make(chan struct{})
	go b.read(receive, read)
	t.Cleanup(func() {
		_ = syscall.Kill(-process.Process.Pid, syscall.SIGKILL)
		_ = process.Wait()
		<-read
		send.Close()
		if t.Failed() {
			t.Logf("output of the browser:\n%s", b.output.text())
		}
	})
	b.attach()
	return b
}

func pipe(t *testing.T) (reader, writer *os.File) {
	t.Helper()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	return reader, writer
}

// attach opens the page and asks for what happens in it.
func (b *browser) attach() {
	b.t.Helper()
	var target struct{ TargetID string }
	b.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct{ SessionID string }
	b.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	b.mu.Lock()
	b.session = attached.SessionID
	b.mu.Unlock()
	for _, domain := range []string{"Page", "Network", "Log", "Runtime"} {
		b.call(domain+".enable", nil, nil)
	}
}

// read takes messages until the browser is gone.
func (b *browser) read(from *os.File, done chan<- struct{}) {
	defer close(done)
	defer from.Close()
	reader := bufio.NewReader(from)
	for {
		line, err := reader.ReadBytes(0)
		if err != nil {
			return
		}
		var message devtoolsMessage
		if err := json.Unmarshal(line[:len(line)-1], &message); err != nil {
			_, _ = fmt.Fprintf(b.output, "not understood: %v: %s\n", err, line)
			continue
		}
		b.take(message)
	}
}

func (b *browser) take(message devtoolsMessage) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if answer := b.waiting[message.ID]; answer != nil {
		delete(b.waiting, message.ID)
		answer <- message // has room for it
		return
	}
	b.events = append(b.events, message)
	close(b.changed)
	b.changed = make(chan struct{})
}

// call runs one command; result is filled from its answer unless nil.
func (b *browser) call(method string, params map[string]any, result any) {
	b.t.Helper()
	answer := make(chan devtoolsMessage, 1)
	b.mu.Lock()
	b.last++
	command := map[string]any{"id": b.last, "method": method, "params": params}
	if b.session != "" {
		command["sessionId"] = b.session
	}
	b.waiting[b.last] = answer
	b.mu.Unlock()
	text, err := json.Marshal(command)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := io.WriteString(b.send, string(text)+"\x00"); err != nil {
		b.t.Fatalf("%s: %v", method, err)
	}
	select {
	case message := <-answer:
		if message.Error != nil {
			b.t.Fatalf("%s: %s", method, message.Error.Message)
		}
		if result == nil {
			return
		}
		if err := json.Unmarshal(message.Result, result); err != nil {
			b.t.Fatalf("%s: %v in %s", method, err, message.Result)
		}
	case <-time.After(60 * time.Second):
		b.t.Fatalf("%s: no answer", method)
	}
}

// happened are the events of a kind so far, and a channel that is closed when there are more.
func (b *browser) happened(method string) ([]json.RawMessage, <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var found []json.RawMessage
	for _, event := range b.events {
		if event.Method == method {
			found = append(found, event.Params)
		}
	}
	return found, b.changed
}

// loads does something that loads a page, and waits until the page, its images
// and its fonts are there.
func (b *browser) loads(method string, params map[string]any) {
	b.t.Helper()
	before, _ := b.happened("Page.loadEventFired")
	b.call(method, params, nil)
	expired := time.After(60 * time.Second)
	for {
		now, changed := b.happened("Page.loadEventFired")
		if len(now) > len(before) {
			break
		}
		select {
		case <-changed:
		case <-expired:
			b.t.Fatalf("%s: the page does not load", method)
		}
	}
	b.evaluate(`document.fonts.ready.then(() => "")`)
}

// evaluate runs JavaScript in the page and returns what it says.
func (b *browser) evaluate(script string) string {
	b.t.Helper()
	var answer struct {
		Result           struct{ Value any }
		ExceptionDetails json.RawMessage
	}
	b.call("Runtime.evaluate", map[string]any{"expression": script, "awaitPromise": true, "returnByValue": true}, &answer)
	if answer.ExceptionDetails != nil {
		b.t.Fatalf("%s: %s", script, answer.ExceptionDetails)
	}
	return fmt.Sprint(answer.Result.Value)
}
