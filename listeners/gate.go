package listeners

import (
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/appserve/appserve/listeners/exchange"
	"github.com/appserve/appserve/listeners/variable"
)

// acmePath is where certificate authorities look, by plain HTTP and under the
// host that they were asked for (RFC 8555, section 8.3). Nothing redirects it.
const acmePath = "/.well-known/acme-challenge/"

// gateSilence is how long a complaint about a proxy is not repeated.
const gateSilence = time.Minute

// gate is what a site wants of a request before it looks for its location:
// first https, then the one host. They are two redirects and not one, because
// a browser must see its first host by https to remember it
// (Strict-Transport-Security).
type gate struct {
	https      bool
	port       string // of https, for clients that name a port
	host       string // empty: every host of the site
	complained atomic.Int64
}

func newGate(s *Site) *gate {
	if !s.RequireHTTPS && s.CanonicalHost == "" {
		return nil
	}
	return &gate{https: s.RequireHTTPS, port: s.HTTPSPort, host: s.CanonicalHost}
}

// stopAtGate answers a request that may not pass; false: it may.
func (s *Server) stopAtGate(at *site, x *exchange.Exchange) bool {
	g := at.gate
	switch {
	case strings.HasPrefix(x.Path(), acmePath):
		return false
	case g.https && x.Scheme() != "https":
		if x.ClaimsHTTPS() {
			s.complain(at, x)
			x.Fail(http.StatusForbidden, exchange.ReasonUntrustedProxy)
			return true
		}
		sendTo(x, "https", x.OwnHost(), g.httpsPort(x))
		return true
	case g.host != "" && x.AskedHost() != "" && x.AskedHost() != g.host:
		sendTo(x, x.Scheme(), g.host, namedPort(x))
		return true
	default:
		return false
	}
}

// complain says why a request behind a proxy got 403. Redirecting it to https
// would never end: the proxy would take the https off again.
func (s *Server) complain(at *site, x *exchange.Exchange) {
	now := time.Now().UnixNano()
	last := at.gate.complained.Load()
	if last != 0 && now-last < int64(gateSilence) || !at.gate.complained.CompareAndSwap(last, now) {
		return
	}
	remote, _ := x.RemoteAddr()
	s.logger.Warn("require_https: a proxy that is not trusted says that its client came by https; add it to trusted_proxies (this line once a minute)",
		"site", at.name, "proxy", remote, "request", x.RequestID())
}

// httpsPort is the port of https for a client: one that named none, or the
// usual one, came through whatever maps ports to us, and that one maps 443 too.
func (g *gate) httpsPort(x *exchange.Exchange) string {
	if port := namedPort(x); port == "" || port == ":80" || g.port == "" {
		return ""
	}
	return ":" + g.port
}

// namedPort is the port that a client named, with its colon.
func namedPort(x *exchange.Exchange) string {
	authority := x.Authority()
	colon := strings.LastIndexByte(authority, ':')
	if colon < 0 || colon == len(authority)-1 || colon < strings.LastIndexByte(authority, ']') {
		return ""
	}
	return authority[colon:]
}

// sendTo answers 308: the method stays, and browsers remember it.
func sendTo(x *exchange.Exchange, scheme, host, port string) {
	to := make([]byte, 0, 256)
	to = append(append(to, scheme...), "://"...)
	to = append(append(to, host...), port...)
	to = variable.AppendEscaped(to, x, variable.RequestURI, "", variable.URL)
	header := x.Header()
	header["Location"] = []string{string(to)}
	header["Content-Length"] = []string{"0"}
	x.WriteHeader(http.StatusPermanentRedirect)
}
