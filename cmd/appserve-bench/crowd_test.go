package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

func TestCrowd_OpensKeepsAndCounts(t *testing.T) {
	var asked, open atomic.Int64
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		answerConstant(w, r)
	}))
	srv.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		switch s {
		case http.StateNew:
			open.Add(1)
		case http.StateClosed:
			open.Add(-1)
		}
	}
	srv.Start()
	defer srv.Close()
	c, err := openCrowd(t.Context(), srv.Listener.Addr().String(), "/", 100)
	if err != nil {
		t.Fatal(err)
	}
	if asked.Load() != 100 || open.Load() != 100 || c.gone() != 0 {
		t.Errorf("%d asked, %d open, %d gone", asked.Load(), open.Load(), c.gone())
	}
	srv.CloseClientConnections()
	eventually(t, "all are gone", func() bool { return c.gone() == 100 })
	c.close()
}

func TestCrowd_AServerThatDoesNotKeepConnectionsIsAnError(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(answerConstant))
	defer srv.Close()
	srv.Config.SetKeepAlivesEnabled(false)
	_, err := openCrowd(t.Context(), srv.Listener.Addr().String(), "/", 50)
	if err == nil || !strings.Contains(err.Error(), "keeps the connection: false") {
		t.Errorf("%v", err)
	}
}
