package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// asker sends single requests and checks the answers. It keeps no connection:
// a server with few threads would be busy with it.
type asker struct {
	trust *x509.CertPool // certificates of the sites through TLS; nil: the machine's
}

// client speaks the protocol of w, and nothing else where that is HTTP/2.
func (a asker) client(w work) *http.Client {
	return &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		// It would ask for gzip on its own, and hide it.
		DisableCompression: true,
		ForceAttemptHTTP2:  w.streams > 0,
		TLSClientConfig:    &tls.Config{RootCAs: a.trust},
	}}
}

// ask sends one request of w.
func (a asker) ask(ctx context.Context, url string, w work) error {
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
	if w.accept != "" {
		r.Header.Set("Accept-Encoding", w.accept)
	}
	resp, err := a.client(w).Do(r)
	if err != nil {
		return fmt.Errorf("asking for %s: %w", url, err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return fmt.Errorf("reading the answer of %s: %w", url, err)
	}
	return w.check(resp.StatusCode, resp.ProtoMajor, resp.Header.Get("Content-Encoding"), string(answer))
}
