package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// ask sends one request of w and checks the answer. It keeps no connection: a
// server with few threads would be busy with it.
func ask(ctx context.Context, url string, w work) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	method, body := http.MethodGet, ""
	if w.upload > 0 {
		method, body = http.MethodPost, strings.Repeat("x", w.upload)
	}
	r, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return fmt.Errorf("asking for %s: %w", url, err)
	}
	r.Close = true
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return fmt.Errorf("asking for %s: %w", url, err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return fmt.Errorf("reading the answer of %s: %w", url, err)
	}
	return w.check(resp.StatusCode, string(answer))
}
