package main

import (
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"testing"
)

func TestAsker_TrustsTheCertificateAndSeesTheProtocol(t *testing.T) {
	shared, err := prepareShared(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	trust, err := readTrust(shared)
	if err != nil {
		t.Fatal(err)
	}
	s := &setup{shared: shared}
	pair, err := tls.LoadX509KeyPair(s.certificate(), s.key())
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{
		Handler:   http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, hello) }),
		ErrorLog:  log.New(io.Discard, "", 0),
		TLSConfig: &tls.Config{Certificates: []tls.Certificate{pair}},
	}
	served := make(chan error, 1)
	go func() { served <- srv.ServeTLS(l, "", "") }()
	defer func() { srv.Close(); <-served }()
	url := "https://" + l.Addr().String() + "/"
	for _, w := range []work{{path: "/", answer: hello}, {path: "/", answer: hello, streams: 4}} {
		if err := (asker{trust: trust}).ask(t.Context(), url, w); err != nil {
			t.Errorf("%d streams: %v", w.streams, err)
		}
	}
	if err := (asker{}).ask(t.Context(), url, work{path: "/", answer: hello}); err == nil {
		t.Error("a certificate that nobody knows was trusted")
	}
}
