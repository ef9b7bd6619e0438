package listeners

import (
	"context"
	"io"
	"net"
	"net/http"
	"testing"
)

// BenchmarkStreams is a small answer over one connection of HTTP/2, the client
// of the standard library included; against what its server alone takes.
func BenchmarkStreams(b *testing.B) {
	hello := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") })
	b.Run("appserve", func(b *testing.B) {
		s := NewServer(Options{})
		defer s.Close()
		routes, err := NewRoutes([]Site{{Name: "all", Listeners: []string{"main"}, Hosts: []string{"*"}, Locations: []Location{{Path: "/", Handler: hello}}}}, nil)
		if err != nil {
			b.Fatal(err)
		}
		rows := loopback("main")
		rows.H2C, rows.SendTimeout = true, patience
		transition, err := s.Prepare([]Listener{rows})
		if err != nil {
			b.Fatal(err)
		}
		if err := transition.Commit(routes); err != nil {
			b.Fatal(err)
		}
		askOften(b, s.Addresses("main")[0].String())
	})
	b.Run("net-http", func(b *testing.B) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			b.Fatal(err)
		}
		server := &http.Server{Handler: hello, Protocols: new(http.Protocols)}
		server.Protocols.SetUnencryptedHTTP2(true)
		defer server.Close()
		go server.Serve(l)
		askOften(b, l.Addr().String())
	})
}

func askOften(b *testing.B, addr string) {
	transport := &http.Transport{Protocols: new(http.Protocols), DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "tcp", addr)
	}}
	transport.Protocols.SetUnencryptedHTTP2(true)
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}
	b.ReportAllocs()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			response, err := client.Get("http://test.test/")
			if err != nil {
				b.Error(err)
				return
			}
			_, _ = io.Copy(io.Discard, response.Body)
			response.Body.Close()
		}
	})
}
