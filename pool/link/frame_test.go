package link_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/appserve/appserve/pool/link"
)

func frame(t link.Type, flags uint8, payload string) []byte {
	return append(link.AppendHeader(nil, t, flags, 7), payload...)
}

func TestParseFrame(t *testing.T) {
	last, done := link.FlagLast, link.FlagDone
	cases := []struct {
		name    string
		message []byte
		want    string // part of the error; "" when sound
	}{
		{"head", frame(link.TypeHead, 0, "\x02\x00\x00\x00hhbody"), ""},
		{"head, last, done", frame(link.TypeHead, last|done, "\x02\x00\x00\x00hh"), ""},
		{"body", frame(link.TypeBody, 0, "x"), ""},
		{"empty last body", frame(link.TypeBody, last, ""), ""},
		{"done", frame(link.TypeDone, 0, "\x00\x00\x00\x00"), ""},
		{"info", frame(link.TypeInfo, 0, "\x67\x00\x01\x00\x00\x00h"), ""},
		{"error", frame(link.TypeError, done, "\x01Traceback"), ""},
		{"nothing", nil, "message of 0 bytes"},
		{"one byte", []byte{0x81}, "message of 1 bytes"},
		{"padding", []byte{0x82, 0, 1, 0, 7, 0, 0, 0}, "padding"},
		{"unknown type", frame(0x99, 0, ""), "unknown type 0x99"},
		{"a type that is ours", frame(link.TypeRequest, 0, ""), "unknown type 0x01"},
		{"a file, not in this stage", frame(0x85, 0, strings.Repeat("\x00", 16)), "unknown type 0x85"},
		{"unknown flag", frame(link.TypeBody, 4, ""), "unknown flags 0x04 of BODY"},
		{"flag on done", frame(link.TypeDone, last, "\x00\x00\x00\x00"), "unknown flags"},
		{"done without last", frame(link.TypeBody, done, ""), "DONE but not LAST"},
		{"short head", frame(link.TypeHead, 0, "\x01\x00"), "length that does not fit"},
		{"long head", frame(link.TypeHead, 0, "\xff\xff\xff\xffhh"), "length that does not fit"},
		{"done without time", frame(link.TypeDone, 0, ""), "payload of 0 bytes"},
		{"info with more", frame(link.TypeInfo, 0, "\x67\x00\x01\x00\x00\x00hh"), "length that does not fit"},
		{"error without phase", frame(link.TypeError, 0, ""), "bad phase"},
		{"error in phase 9", frame(link.TypeError, 0, "\x09x"), "bad phase"},
		{"too large", frame(link.TypeBody, 0, strings.Repeat("x", 201<<10)), "the limit is"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f, err := link.ParseFrame(c.message)
			if c.want == "" {
				if err != nil || f.ID != 7 {
					t.Fatalf("got %+v, %v", f, err)
				}
				return
			}
			var broken *link.ProtocolError
			if !errors.As(err, &broken) || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want %q", err, c.want)
			}
			if !bytes.HasPrefix(c.message, broken.First) || len(broken.First) > 64 {
				t.Errorf("kept %x", broken.First)
			}
		})
	}
}

func TestFrame_Parts(t *testing.T) {
	f, _ := link.ParseFrame(frame(link.TypeHead, link.FlagLast|link.FlagDone, "\x02\x00\x00\x00hhbody"))
	if head, body := f.Head(); string(head) != "hh" || string(body) != "body" || !f.Last() || !f.Done() {
		t.Errorf("head %q %q %v %v", head, body, f.Last(), f.Done())
	}
	f, _ = link.ParseFrame(frame(link.TypeInfo, 0, "\x67\x00\x01\x00\x00\x00h"))
	if status, headers := f.Info(); status != 103 || string(headers) != "h" || f.Last() || f.Done() {
		t.Errorf("info %d %q", status, headers)
	}
	f, _ = link.ParseFrame(frame(link.TypeError, link.FlagDone, "\x03text"))
	if phase, text := f.Error(); phase != link.PhaseContract || text != "text" || f.Last() || !f.Done() {
		t.Errorf("error %d %q %v", phase, text, f.Done())
	}
	f, _ = link.ParseFrame(frame(link.TypeDone, 0, "\x00\x00\x00\x00"))
	if f.Last() || !f.Done() {
		t.Error("done")
	}
}

func TestSetIDAndFlags(t *testing.T) {
	b := link.AppendHeader(nil, link.TypeRequest, 0, 0)
	link.SetID(b, 0x01020304)
	link.SetFlags(b, link.FlagBodyFD)
	if want := []byte{1, 1, 0, 0, 4, 3, 2, 1}; !bytes.Equal(b, want) {
		t.Errorf("got %x, want %x", b, want)
	}
}

// FuzzParseFrame: no bytes of a worker make us panic or look outside of the message.
func FuzzParseFrame(f *testing.F) {
	f.Add(frame(link.TypeHead, 3, "\x02\x00\x00\x00hhbody"))
	f.Add(frame(link.TypeInfo, 0, "\x67\x00\x01\x00\x00\x00h"))
	f.Add(frame(link.TypeError, 2, "\x01Traceback"))
	f.Add(frame(link.TypeDone, 0, "\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := link.ParseFrame(b)
		if err != nil {
			var broken *link.ProtocolError
			if !errors.As(err, &broken) {
				t.Fatalf("another error: %v", err)
			}
			return
		}
		switch got.Type {
		case link.TypeHead:
			head, body := got.Head()
			if len(head)+len(body)+4 != len(got.Payload) {
				t.Fatal("head and body are not the payload")
			}
		case link.TypeInfo:
			got.Info()
		case link.TypeError:
			got.Error()
		}
	})
}
