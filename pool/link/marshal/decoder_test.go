package marshal

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/appserve/appserve/pool/python/pythontest"
)

// head builds what a worker sends.
func head(status int64, headers ...Header) []byte {
	e := Encoder{Legacy: true}
	b := e.AppendInt(e.AppendTuple(nil, 2), status)
	b = e.AppendList(b, len(headers))
	for _, h := range headers {
		b = e.AppendLatin1(e.AppendLatin1(e.AppendTuple(b, 2), h.Name), h.Value)
	}
	return b
}

func TestDecodeHead_EveryPythonsDumps(t *testing.T) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	headers := []Header{{"Content-Type", "text/html"}, {"X-Every", string(all)}, {"", ""}, {"X-Long", strings.Repeat("x", 9000)}}
	var question [][2]string
	for _, h := range headers {
		question = append(question, [2]string{latin1(h.Name), latin1(h.Value)})
	}
	for _, name := range pythontest.Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dumped, err := newOracle(t, pythontest.Find(t, name)).dumps(404, question)
			if err != nil {
				t.Fatal(err)
			}
			status, got, err := DecodeHead(dumped)
			if err != nil || status != 404 || !reflect.DeepEqual(got, headers) {
				t.Errorf("DecodeHead = %d, %q, %v", status, got, err)
			}
		})
	}
}

func TestDecodeHead_Bytes(t *testing.T) {
	e := Encoder{Legacy: true}
	b := e.AppendList(e.AppendInt(e.AppendTuple(nil, 2), -7), 1)
	b = e.AppendBytes(e.AppendBytes(e.AppendTuple(b, 2), "x-bytes"), "\xe9")
	status, headers, err := DecodeHead(b)
	if want := []Header{{"x-bytes", "\xe9"}}; err != nil || status != -7 || !reflect.DeepEqual(headers, want) {
		t.Errorf("DecodeHead = %d, %q, %v", status, headers, err)
	}
	if headers, err := DecodeHeaders(b[10:]); err != nil || len(headers) != 1 {
		t.Errorf("DecodeHeaders = %q, %v", headers, err)
	}
}

func TestDecodeHead_Refuses(t *testing.T) {
	e := Encoder{Legacy: true}
	sound := head(200, Header{"A", "b"})
	many := head(200, make([]Header, MaxHeaders+1)...)
	open := func() []byte { return e.AppendTuple(e.AppendList(e.AppendInt(e.AppendTuple(nil, 2), 200), 1), 2) }
	tests := map[string][]byte{
		"nothing":                  nil,
		"left over":                append(head(200), 'N'),
		"too many":                 many,
		"too large":                head(200, Header{"A", strings.Repeat("x", MaxHeadSize)}),
		"a reference":              append([]byte{sound[0] | 0x80}, sound[1:]...),
		"three":                    append([]byte("(\x03\x00\x00\x00"), sound[5:]...),
		"status is a str":          e.AppendList(e.AppendUTF8(e.AppendTuple(nil, 2), "200"), 0),
		"headers are a tuple":      e.AppendTuple(e.AppendInt(e.AppendTuple(nil, 2), 200), 0),
		"value is None":            e.AppendNone(e.AppendUTF8(open(), "A")),
		"value is an int":          e.AppendInt(e.AppendUTF8(open(), "A"), 1),
		"value is nested":          e.AppendTuple(e.AppendUTF8(open(), "A"), 0),
		"code point above 0xFF":    e.AppendUTF8(e.AppendUTF8(open(), "A"), "ł"),
		"a lone surrogate":         append(e.AppendUTF8(open(), "A"), "u\x03\x00\x00\x00\xed\xa0\x80"...),
		"length beyond the end":    append(e.AppendUTF8(open(), "A"), "u\xff\xff\xff\xff"...),
		"list without its items":   e.AppendList(e.AppendInt(e.AppendTuple(nil, 2), 200), MaxHeaders),
		"short ASCII of version 4": append(e.AppendUTF8(open(), "A"), "z\x01b"...),
	}
	for i := range sound {
		tests["cut short "+string(rune('a'+i))] = sound[:i]
	}
	for name, b := range tests {
		if _, _, err := DecodeHead(b); !errors.Is(err, ErrHead) {
			t.Errorf("%s: error %v, want ErrHead", name, err)
		}
	}
}

// FuzzDecodeHead: never a panic, and whatever is accepted means the same
// when it is written again.
func FuzzDecodeHead(f *testing.F) {
	f.Add(head(200, Header{"Content-Type", "text/html"}, Header{"X", "\xff"}))
	f.Add([]byte("(\x02\x00\x00\x00i\xc8\x00\x00\x00[\x01\x00\x00\x00(\x02\x00\x00\x00s\x01\x00\x00\x00Au\x02\x00\x00\x00\xc3\xa9"))
	f.Fuzz(func(t *testing.T, b []byte) {
		status, headers, err := DecodeHead(b)
		if err != nil {
			if !errors.Is(err, ErrHead) || headers != nil {
				t.Fatalf("DecodeHead(%q) = %q, %v", b, headers, err)
			}
			return
		}
		if len(headers) > MaxHeaders {
			t.Fatalf("%d headers", len(headers))
		}
		again, headers2, err := DecodeHead(head(int64(status), headers...))
		if err != nil || again != status || len(headers) != len(headers2) || (len(headers) > 0 && !reflect.DeepEqual(headers, headers2)) {
			t.Fatalf("%q: %d %q, written again: %d %q, %v", b, status, headers, again, headers2, err)
		}
	})
}

// FuzzDecodeHead_FromPython decodes what a real interpreter dumps.
func FuzzDecodeHead_FromPython(f *testing.F) {
	f.Add(200, "Content-Type", "text/html")
	f.Add(-1, "", "\xff\x00")
	o := newOracle(f, pythontest.Any(f))
	f.Fuzz(func(t *testing.T, status int, name, value string) {
		status = int(int32(status))
		if 2*(len(name)+len(value)) > MaxHeadSize-64 {
			t.Skip("larger than a head may be")
		}
		dumped, err := o.dumps(status, [][2]string{{latin1(name), latin1(value)}})
		if err != nil {
			t.Fatal(err)
		}
		got, headers, err := DecodeHead(dumped)
		if err != nil || got != status || headers[0] != (Header{name, value}) {
			t.Errorf("DecodeHead(%q) = %d, %q, %v", dumped, got, headers, err)
		}
	})
}

func BenchmarkDecodeHead(b *testing.B) {
	encoded := head(200, Header{"Content-Type", "text/html; charset=utf-8"}, Header{"X-Frame-Options", "DENY"}, Header{"Vary", "Cookie"},
		Header{"Content-Length", "4123"}, Header{"X-Content-Type-Options", "nosniff"}, Header{"Referrer-Policy", "same-origin"})
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := DecodeHead(encoded); err != nil {
			b.Fatal(err)
		}
	}
}
