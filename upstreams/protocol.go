package upstreams

import (
	"net/http"

	"github.com/appserve/appserve/upstreams/http1"
	"github.com/appserve/appserve/upstreams/uwsgi"
)

// protocol is what differs between the ways to speak to a server.
type protocol interface {
	// keepsAlive says whether a connection can serve several requests.
	keepsAlive() bool
	// streams says whether a body of unknown length can be sent as it comes.
	streams() bool
	// upgrades says whether a connection can become a tunnel.
	upgrades() bool
	// style is the form of the response head.
	style() http1.Style
	// hint says what may be behind a server that closes without an answer.
	hint() string
	// appendHead appends the request head to b.
	appendHead(b []byte, f *forward) ([]byte, error)
}

// httpProtocol is HTTP/1.1.
type httpProtocol struct{}

func (httpProtocol) keepsAlive() bool   { return true }
func (httpProtocol) streams() bool      { return true }
func (httpProtocol) upgrades() bool     { return true }
func (httpProtocol) style() http1.Style { return http1.StatusLine }

func (httpProtocol) hint() string {
	return `a uWSGI "socket" does that to HTTP: write protocol = "uwsgi" then`
}

func (httpProtocol) appendHead(b []byte, f *forward) ([]byte, error) {
	head := http1.Request{
		Method:   f.r.Method,
		Target:   f.x.UpstreamTarget(),
		Host:     hostOf(f),
		Header:   f.r.Header,
		Prefix:   f.x.ForwardedPrefix(),
		Length:   f.length,
		Upgrade:  f.upgrade,
		Trailing: f.x.AcceptsTrailers(),
		Close:    f.group.config.Keepalive == 0 && f.upgrade == "",
	}
	for name := range f.r.Trailer {
		if f.length < 0 && http1.MayTrail(name) {
			head.Trailers = append(head.Trailers, name)
		}
	}
	return http1.AppendRequest(b, &head)
}

// hostOf is the client's Host. A request without one came over HTTP/1.0.
func hostOf(f *forward) string {
	if f.r.Host != "" {
		return f.r.Host
	}
	return f.x.ServerName()
}

// uwsgiProtocol is uwsgi.
type uwsgiProtocol struct{}

func (uwsgiProtocol) keepsAlive() bool   { return false }
func (uwsgiProtocol) streams() bool      { return false }
func (uwsgiProtocol) upgrades() bool     { return false }
func (uwsgiProtocol) style() http1.Style { return http1.OrCGI }

func (uwsgiProtocol) hint() string {
	return `a server that speaks HTTP may do that to uwsgi: write protocol = "http" then`
}

func (uwsgiProtocol) appendHead(b []byte, f *forward) ([]byte, error) {
	script, path := f.x.Mount()
	addr, port := f.x.RemoteAddr()
	return uwsgi.AppendRequest(b, &uwsgi.Request{
		Method:     f.r.Method,
		ScriptName: script,
		PathInfo:   path,
		Query:      f.r.URL.RawQuery,
		URI:        f.r.RequestURI,
		Protocol:   f.r.Proto,
		Scheme:     f.x.Scheme(),
		Host:       f.r.Host,
		ServerName: f.x.ServerName(),
		ServerPort: f.x.ServerPort(),
		RemoteAddr: addr,
		RemotePort: port,
		RemoteUser: f.x.RemoteUser(),
		Prefix:     f.x.ForwardedPrefix(),
		Length:     f.length,
		Header:     f.r.Header,
	})
}

// repeatable says whether a request may be sent again although the server may
// have begun it: the method is idempotent (RFC 9110 9.2.2).
func repeatable(method string) bool {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace, http.MethodPut, http.MethodDelete:
		return true
	}
	return false
}
