package identity

import (
	"net/http"
	"testing"
)

func TestRead_Forwarded(t *testing.T) {
	for _, c := range []struct {
		name  string
		lines []string
		want  Client
	}{
		{"nothing said", nil, Client{}},
		{"one", []string{"for=203.0.113.7;proto=https;host=www.example.com"}, Client{Host: "203.0.113.7", Scheme: "https", Name: "www.example.com"}},
		{"any case, any order", []string{"Host=a; PROTO=HTTPS ;For=203.0.113.7;by=10.0.0.1"}, Client{Host: "203.0.113.7", Scheme: "https", Name: "a"}},
		{"quoted", []string{`for="203.0.113.7:4711";host="a:8443"`}, Client{Host: "203.0.113.7", Port: "4711", Name: "a:8443"}},
		{"IPv6", []string{`for="[2001:db8::1]:4711"`}, Client{Host: "2001:db8::1", Port: "4711"}},
		{"escapes", []string{`for="203.0.113\.7"`}, Client{Host: "203.0.113.7"}},
		{"an obfuscated port", []string{`for="203.0.113.7:_x"`}, Client{Host: "203.0.113.7"}},
		{"the client wrote one of its own", []string{"for=127.0.0.1;proto=https, for=203.0.113.7;proto=http"}, Client{Host: "203.0.113.7", Scheme: "http"}},
		{"past a trusted hop: the outer one's scheme", []string{"for=evil, for=203.0.113.7;proto=https, for=10.0.0.2;proto=http"}, Client{Host: "203.0.113.7", Scheme: "https"}},
		{"past a trusted hop: nothing said there", []string{"for=203.0.113.7, for=10.0.0.2;proto=https"}, Client{Host: "203.0.113.7", Scheme: "https"}},
		{"lines", []string{"for=203.0.113.7;proto=https", "for=10.0.0.2"}, Client{Host: "203.0.113.7", Scheme: "https"}},
		{"unknown", []string{"for=203.0.113.7, for=unknown;proto=https"}, Client{Scheme: "https"}},
		{"hidden behind a trusted hop", []string{"for=203.0.113.7, for=_secret, for=10.0.0.2"}, Client{Host: "10.0.0.2"}},
		{"nobody named", []string{"proto=https"}, Client{Scheme: "https"}},
		{"twice", []string{"for=127.0.0.1;for=203.0.113.7"}, Client{}},
		{"a comma in quotes", []string{`for="203.0.113.7, for=127.0.0.1"`}, Client{}},
		{"a quote that does not close eats nobody's word", []string{`for=203.0.113.7;x="a, for=10.0.0.2`}, Client{Host: "10.0.0.2"}},
		{"a client's open quote", []string{`for=", for=203.0.113.7;proto=https`}, Client{Host: "203.0.113.7", Scheme: "https"}},
		{"a client's open quote before a quoted word", []string{`for=127.0.0.1;x="\, for="203.0.113.7:80"`}, Client{Host: "203.0.113.7", Port: "80"}},
		{"a client's open quote, past a trusted hop", []string{`x="a, for="203.0.113.7", for=10.0.0.2`}, Client{Host: "203.0.113.7"}},
		{"escaped quotes around a comma", []string{`for=127.0.0.1, for=203.0.113.7;x="a\", for=10.0.0.3;y=\"b\\"`}, Client{Host: "203.0.113.7"}},
		{"a quote in the middle", []string{`for=20"3.0.113.7`}, Client{}},
		{"rubbish after a quote", []string{`for="203.0.113.7"x`}, Client{}},
		{"no pair", []string{"203.0.113.7"}, Client{}},
		{"no name", []string{"=203.0.113.7"}, Client{}},
		{"X-Forwarded-Proto does not count", []string{"for=203.0.113.7"}, Client{Host: "203.0.113.7"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := http.Header{"Forwarded": c.lines, "X-Forwarded-Proto": {"https"}}
			if c.want.Scheme != "" {
				delete(h, "X-Forwarded-Proto")
			}
			got, ok := trust("Forwarded", false, "10.0.0.0/8").Read(h, proxy)
			if !ok || got != c.want {
				t.Errorf("%+v, %v; want %+v", got, ok, c.want)
			}
		})
	}
}
