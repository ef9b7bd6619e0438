package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

// planNetHTTP is this program itself as a server of the standard library.
func planNetHTTP(s *setup) ([]command, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("finding this program: %w", err)
	}
	return []command{{
		name:  "net-http",
		argv:  []string{program, "-serve-constant", s.address()},
		front: true,
	}}, nil
}

// serveConstant serves the constant answer on address; it does not return
// before that fails.
func serveConstant(address string) error {
	server := &http.Server{Addr: address, Handler: http.HandlerFunc(answerConstant), ReadHeaderTimeout: 15 * time.Second}
	if err := server.ListenAndServe(); err != nil {
		return fmt.Errorf("serving by net/http: %w", err)
	}
	return nil
}

func answerConstant(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain")
	_, _ = io.WriteString(w, hello) // a client that is gone has no use for an error
}
