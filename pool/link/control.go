package link

import (
	"encoding/json"
	"fmt"
)

// Protocol is the version of the link that this program speaks.
const Protocol = 1

// Hello is a worker's first message: the interpreter runs.
type Hello struct {
	Protocol       int     `json:"protocol"`
	Python         string  `json:"python"`
	Implementation string  `json:"implementation"`
	Marshal        int     `json:"marshal"`
	MarshalOK      bool    `json:"marshal_ok"`
	PID            int     `json:"pid"`
	Signals        Signals `json:"signals"`
	FreeThreaded   bool    `json:"free_threaded"`
}

// Signals are the numbers of the real-time signals a worker listens to; they
// differ between C libraries. Zero: not offered.
type Signals struct {
	Dump      int `json:"dump"`
	Interrupt int `json:"interrupt"`
}

// Legacy says whether the worker reads only the oldest marshal codes.
func (h Hello) Legacy() bool { return h.Marshal < 4 || !h.MarshalOK }

// Ready says that the application is imported and requests may come.
type Ready struct {
	Interface string `json:"interface"`
}

// Failed says that the application could not be loaded.
type Failed struct {
	Phase      string `json:"phase"`
	Error      string `json:"error"`
	Traceback  string `json:"traceback"`
	MissingEnv string `json:"missing_env"`
}

// Pong answers a ping.
type Pong struct {
	N int `json:"n"`
}

// Dump answers a request for the stacks of all threads.
type Dump struct {
	Threads []Thread `json:"threads"`
}

// Thread is one thread of a Dump. Request is 0 when it runs none.
type Thread struct {
	Name    string `json:"name"`
	Request uint32 `json:"request"`
	Stack   string `json:"stack"`
}

// Recycle asks for the worker's replacement.
type Recycle struct {
	Reason  string `json:"reason"`
	Request uint32 `json:"request"`
}

// LinkClosed says that the application closed a slot's descriptor.
type LinkClosed struct {
	Slot int `json:"slot"`
}

// DecodeControl reads one control message of a worker. It returns a pointer to
// one of Hello, Ready, Failed, Pong, Dump, Recycle and LinkClosed, or a
// *ProtocolError.
func DecodeControl(b []byte) (any, error) {
	var envelope struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(b, &envelope); err != nil {
		return nil, protocolError("a control message that is no JSON object: %v", b, err)
	}
	message := newControl(envelope.Type)
	if message == nil {
		return nil, protocolError("unknown control message %q", b, envelope.Type)
	}
	if err := json.Unmarshal(b, message); err != nil {
		return nil, protocolError("control message %q: %v", b, envelope.Type, err)
	}
	return message, nil
}

// newControl returns an empty message of a type; nil when there is no such type.
func newControl(kind string) any {
	switch kind {
	case "hello":
		return new(Hello)
	case "ready":
		return new(Ready)
	case "failed":
		return new(Failed)
	case "pong":
		return new(Pong)
	case "dump":
		return new(Dump)
	case "recycle":
		return new(Recycle)
	case "link_closed":
		return new(LinkClosed)
	}
	return nil
}

// Start tells a worker what to run; the descriptors of its slots ride in the message.
type Start struct {
	Pool       string   `json:"pool"`
	Slot       int      `json:"slot"`
	Generation int      `json:"generation"`
	App        string   `json:"app"`
	Interface  string   `json:"interface"`
	Chdir      string   `json:"chdir"`
	PythonPath []string `json:"pythonpath"`
	Threads    int      `json:"threads"`
	GC         string   `json:"gc"` // auto, off
}

// Encode returns the message.
func (s Start) Encode() ([]byte, error) {
	if s.PythonPath == nil {
		s.PythonPath = []string{}
	}
	type fields Start
	b, err := json.Marshal(struct {
		Type string `json:"type"`
		fields
	}{"start", fields(s)})
	if err != nil {
		return nil, fmt.Errorf("encoding the start message: %w", err)
	}
	return b, nil
}

// Reasons of a cancel.
const (
	CancelClientGone = 1
	CancelTimeout    = 2
	CancelStopping   = 3
)

// EncodePing returns a ping.
func EncodePing(n int) []byte { return fmt.Appendf(nil, `{"type":"ping","n":%d}`, n) }

// EncodeDump returns the request for a Dump.
func EncodeDump() []byte { return []byte(`{"type":"dump"}`) }

// EncodeDrain returns the request to finish what is held and to exit.
func EncodeDrain() []byte { return []byte(`{"type":"drain"}`) }

// EncodeCancel returns the news that nobody waits for request id any more.
func EncodeCancel(id uint32, reason int) []byte {
	return fmt.Appendf(nil, `{"type":"cancel","id":%d,"reason":%d}`, id, reason)
}
