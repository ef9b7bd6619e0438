package marshal

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/appserve/appserve/pool/python/pythontest"
)

// quoted is how Python's json.dumps writes a str.
func quoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, u := range utf16.Encode([]rune(s)) {
		switch {
		case u == '"' || u == '\\':
			fmt.Fprintf(&b, `\%c`, u)
		case u == '\n':
			b.WriteString(`\n`)
		case u == '\r':
			b.WriteString(`\r`)
		case u == '\t':
			b.WriteString(`\t`)
		case u == '\b':
			b.WriteString(`\b`)
		case u == '\f':
			b.WriteString(`\f`)
		case u < 0x20 || u >= 0x7F:
			fmt.Fprintf(&b, `\u%04x`, u)
		default:
			b.WriteByte(byte(u))
		}
	}
	b.WriteByte('"')
	return b.String()
}

// latin1 is the text whose code points are the bytes of s.
func latin1(s string) string {
	runes := make([]rune, len(s))
	for i := range len(s) {
		runes[i] = rune(s[i])
	}
	return string(runes)
}

// goldens are encodings whose meaning every Python must agree on.
func goldens(e Encoder) map[string][]byte {
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	all := string(every)
	g := map[string][]byte{
		"None": e.AppendNone(nil), "0": e.AppendInt(nil, 0), "-1": e.AppendInt(nil, -1),
		"2147483647": e.AppendInt(nil, 1<<31-1), "2147483648": e.AppendInt(nil, 1<<31), "-2147483648": e.AppendInt(nil, -1<<31),
		"-2147483649": e.AppendInt(nil, -1<<31-1), "9223372036854775807": e.AppendInt(nil, 1<<63-1), "-9223372036854775808": e.AppendInt(nil, -1<<63),
		"b" + quoted(latin1(all)): e.AppendBytes(nil, all),
		"s" + quoted(latin1(all)): e.AppendLatin1(nil, all),
		`s"REQUEST_METHOD"`:       e.AppendKey(nil, "REQUEST_METHOD"),
		`s"HTTP_X_ODD_9"`:         e.AppendHeaderKey(nil, "x-ODD-9"),
		`s"HTTP_USER_AGENT"`:      e.AppendHeaderKey(nil, "User-Agent"),
		`s"HTTP_\u00fc_A"`:        e.AppendHeaderKey(nil, "\xfc-a"),
		`s"K\u00e9y"`:             e.AppendKey(nil, "Kéy"),
		`s"\u4f60\ud83d\ude00"`:   e.AppendUTF8(nil, "你😀"),
		`s"a\ufffdb"`:             e.AppendUTF8(nil, "a\xff\xfeb"),
		`s"plain"`:                e.AppendUTF8(nil, "plain"),
	}
	for _, n := range []int{0, 1, 7, 8, 9, 255, 256, 8000} {
		for _, c := range []string{"x", "\xff", "\x80", "\x00"} {
			s := strings.Repeat(c, n)
			g["s"+quoted(latin1(s))] = e.AppendLatin1(nil, s)
		}
		s := strings.Repeat("a", n)
		g["s"+quoted(strings.Repeat("K", n))] = e.AppendKey(nil, Key(strings.Repeat("K", n)))
		g[`s"HTTP_`+strings.ToUpper(s)+`"`] = e.AppendHeaderKey(nil, s)
	}
	b := AppendDictBegin(nil)
	b = e.AppendLatin1(e.AppendKey(b, "PATH_INFO"), "/\xe9")
	b = e.AppendTuple(e.AppendKey(b, "wsgi.version"), 2)
	b = e.AppendInt(e.AppendInt(b, 1), 0)
	b = e.AppendList(e.AppendKey(b, "headers"), 1)
	b = e.AppendBytes(e.AppendBytes(e.AppendTuple(b, 2), "host"), "x")
	b = e.AppendNone(e.AppendKey(b, "client"))
	g[`{s"PATH_INFO":s"/\u00e9",s"wsgi.version":(1,0),s"headers":[(b"host",b"x")],s"client":None}`] = AppendDictEnd(b)
	return g
}

func TestEncoder_EveryPythonReadsTheGoldens(t *testing.T) {
	for _, name := range pythontest.Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOracle(t, pythontest.Find(t, name))
			for _, legacy := range []bool{false, true} {
				for want, encoded := range goldens(Encoder{Legacy: legacy}) {
					if got, err := o.loads(encoded); err != nil || got != want {
						t.Errorf("legacy %v: loads(%.60q) = %.200s, %v; want %.200s", legacy, encoded, got, err, want)
					}
				}
			}
		})
	}
}

func TestEncoder_Bytes(t *testing.T) {
	tests := []struct {
		name string
		got  []byte
		want string
	}{
		{"key is interned", Encoder{}.AppendKey(nil, "HTTPS"), "Z\x05HTTPS"},
		{"text is not", Encoder{}.AppendLatin1(nil, "HTTPS"), "z\x05HTTPS"},
		{"common header is interned", Encoder{}.AppendHeaderKey(nil, "Host"), "Z\x09HTTP_HOST"},
		{"another header is not", Encoder{}.AppendHeaderKey(nil, "Hosts"), "z\x0aHTTP_HOSTS"},
		{"255 is short", Encoder{}.AppendLatin1(nil, strings.Repeat("x", 255))[:2], "z\xff"},
		{"256 is long", Encoder{}.AppendLatin1(nil, strings.Repeat("x", 256))[:5], "a\x00\x01\x00\x00"},
		{"latin-1 becomes UTF-8", Encoder{}.AppendLatin1(nil, "\xe9"), "u\x02\x00\x00\x00\xc3\xa9"},
		{"legacy key", Encoder{Legacy: true}.AppendKey(nil, "A"), "u\x01\x00\x00\x00A"},
		{"legacy header", Encoder{Legacy: true}.AppendHeaderKey(nil, "Te"), "u\x07\x00\x00\x00HTTP_TE"},
		{"appends", Encoder{}.AppendNone([]byte("x")), "xN"},
	}
	for _, tt := range tests {
		if string(tt.got) != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}

// appendEnviron appends an environ as a browser causes it.
func appendEnviron(b []byte, e Encoder) []byte {
	b = AppendDictBegin(b)
	b = e.AppendLatin1(e.AppendKey(b, "REQUEST_METHOD"), "GET")
	b = e.AppendLatin1(e.AppendKey(b, "SCRIPT_NAME"), "")
	b = e.AppendLatin1(e.AppendKey(b, "PATH_INFO"), "/admin/login/")
	b = e.AppendLatin1(e.AppendKey(b, "QUERY_STRING"), "next=/admin/")
	b = e.AppendLatin1(e.AppendKey(b, "SERVER_NAME"), "www.example.com")
	b = e.AppendLatin1(e.AppendKey(b, "SERVER_PORT"), "443")
	b = e.AppendLatin1(e.AppendKey(b, "SERVER_PROTOCOL"), "HTTP/1.1")
	b = e.AppendLatin1(e.AppendKey(b, "REMOTE_ADDR"), "192.0.2.17")
	b = e.AppendLatin1(e.AppendKey(b, "REMOTE_PORT"), "51234")
	b = e.AppendLatin1(e.AppendKey(b, "REQUEST_URI"), "/admin/login/?next=/admin/")
	b = e.AppendLatin1(e.AppendKey(b, "wsgi.url_scheme"), "https")
	for _, h := range [...]Header{
		{"Host", "www.example.com"}, {"User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"},
		{"Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}, {"Accept-Language", "en-US,en;q=0.5"},
		{"Accept-Encoding", "gzip, deflate, br, zstd"}, {"Referer", "https://www.example.com/admin/"}, {"Dnt", "1"},
		{"Cookie", "csrftoken=0123456789abcdef0123456789abcdef; sessionid=fedcba9876543210fedcba9876543210"},
		{"Upgrade-Insecure-Requests", "1"}, {"Sec-Fetch-Dest", "document"}, {"Sec-Fetch-Mode", "navigate"}, {"Sec-Fetch-Site", "same-origin"},
		{"X-Forwarded-For", "192.0.2.17"}, {"X-Forwarded-Proto", "https"}, {"X-Forwarded-Host", "www.example.com"}, {"X-Forwarded-Port", "443"},
		{"X-Real-Ip", "192.0.2.17"}, {"X-Request-Id", "7f3a91bc7f3a91bc"}, {"Priority", "u=0, i"},
	} {
		b = e.AppendLatin1(e.AppendHeaderKey(b, h.Name), h.Value)
	}
	return AppendDictEnd(b)
}

func TestEncoder_AllocatesNothing(t *testing.T) {
	buffer := make([]byte, 0, 4096)
	for _, legacy := range []bool{false, true} {
		if n := testing.AllocsPerRun(100, func() { appendEnviron(buffer, Encoder{Legacy: legacy}) }); n != 0 {
			t.Errorf("legacy %v: %v allocations for an environ", legacy, n)
		}
	}
}

func BenchmarkEncoder_Environ(b *testing.B) {
	buffer := make([]byte, 0, 4096)
	b.ReportAllocs()
	for b.Loop() {
		buffer = appendEnviron(buffer[:0], Encoder{})
	}
	b.SetBytes(int64(len(buffer)))
}

// FuzzEncoder_RoundTrip sends whatever text the fuzzer finds through a real
// interpreter, as key, native string, text and bytes.
func FuzzEncoder_RoundTrip(f *testing.F) {
	f.Add("PATH_INFO", "/caf\xc3\xa9", true)
	f.Add("\xff", strings.Repeat("\xff", 256), false)
	o := newOracle(f, pythontest.Any(f))
	f.Fuzz(func(t *testing.T, key, value string, legacy bool) {
		e := Encoder{Legacy: legacy}
		b := e.AppendTuple(nil, 4)
		b = e.AppendHeaderKey(b, key)
		b = e.AppendLatin1(b, value)
		b = e.AppendUTF8(b, value)
		b = e.AppendBytes(b, value)
		want := fmt.Sprintf("(s%s,s%s,s%s,b%s)", quoted(latin1(string(appendEnvironName(nil, key)))), quoted(latin1(value)),
			quoted(strings.ToValidUTF8(value, "\uFFFD")), quoted(latin1(value)))
		if got, err := o.loads(b); err != nil || got != want {
			t.Errorf("loads(%q) = %s, %v; want %s", b, got, err, want)
		}
		if binary.LittleEndian.Uint32(b[1:]) != 4 {
			t.Errorf("tuple count of %q", b)
		}
	})
}
