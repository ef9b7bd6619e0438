package link_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/appserve/appserve/pool/link"
	"github.com/google/go-cmp/cmp"
)

func TestDecodeControl(t *testing.T) {
	cases := map[string]any{
		`{"type":"hello","protocol":1,"python":"3.11.2","implementation":"CPython","marshal":4,"marshal_ok":true,"pid":123,"signals":{"dump":41,"interrupt":42},"free_threaded":false}`: &link.Hello{
			Protocol: 1, Python: "3.11.2", Implementation: "CPython", Marshal: 4, MarshalOK: true, PID: 123,
			Signals: link.Signals{Dump: 41, Interrupt: 42}},
		`{"type":"ready","interface":"wsgi"}`: &link.Ready{Interface: "wsgi"},
		`{"type":"failed","phase":"import","error":"E","traceback":"T","missing_env":"NAME"}`: &link.Failed{
			Phase: "import", Error: "E", Traceback: "T", MissingEnv: "NAME"},
		`{"type":"pong","n":3}`: &link.Pong{N: 3},
		`{"type":"dump","threads":[{"name":"MainThread","request":7,"stack":"s"}]}`: &link.Dump{
			Threads: []link.Thread{{Name: "MainThread", Request: 7, Stack: "s"}}},
		`{"type":"recycle","reason":"app_exit","request":7}`: &link.Recycle{Reason: "app_exit", Request: 7},
		`{"type":"link_closed","slot":1}`:                    &link.LinkClosed{Slot: 1},
	}
	for text, want := range cases {
		got, err := link.DecodeControl([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
	for _, text := range []string{``, `7`, `[]`, `{}`, `{"type":"what"}`, `{"type":"pong","n":"x"}`, `{"type":1}`} {
		var broken *link.ProtocolError
		if got, err := link.DecodeControl([]byte(text)); !errors.As(err, &broken) {
			t.Errorf("%q: got %v, %v", text, got, err)
		}
	}
}

func TestHello_Legacy(t *testing.T) {
	for _, c := range []struct {
		hello link.Hello
		want  bool
	}{
		{link.Hello{Marshal: 4, MarshalOK: true}, false},
		{link.Hello{Marshal: 5, MarshalOK: true}, false},
		{link.Hello{Marshal: 2, MarshalOK: true}, true},
		{link.Hello{Marshal: 4, MarshalOK: false}, true},
	} {
		if got := c.hello.Legacy(); got != c.want {
			t.Errorf("%+v: %v", c.hello, got)
		}
	}
}

func TestEncodeControl(t *testing.T) {
	start, err := link.Start{Pool: "django", Slot: 2, Generation: 3, App: "m:app", Interface: "auto", Chdir: "/srv", Threads: 4, GC: "auto"}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]string{
		string(start):                         `{"type":"start","pool":"django","slot":2,"generation":3,"app":"m:app","interface":"auto","chdir":"/srv","pythonpath":[],"threads":4,"gc":"auto"}`,
		string(link.EncodePing(9)):            `{"type":"ping","n":9}`,
		string(link.EncodeDump()):             `{"type":"dump"}`,
		string(link.EncodeDrain()):            `{"type":"drain"}`,
		string(link.EncodeCancel(1<<32-1, 2)): `{"type":"cancel","id":4294967295,"reason":2}`,
	}
	for got, want := range cases {
		if got != want || !json.Valid([]byte(got)) {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// FuzzDecodeControl: no bytes of a worker make us panic.
func FuzzDecodeControl(f *testing.F) {
	f.Add([]byte(`{"type":"hello","protocol":1}`))
	f.Add([]byte(`{"type":"dump","threads":[{"name":"m"}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := link.DecodeControl(b)
		if (got == nil) == (err == nil) {
			t.Fatalf("got %v, %v", got, err)
		}
	})
}
