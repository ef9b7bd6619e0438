// Package access owns who may enter a location: by address, by password, or by
// any of the two. It decides and answers those it keeps out; it refuses to know
// how an address was found or a password is checked.
package access

import (
	"net/http"

	"github.com/appserve/appserve/listeners/basicauth"
	"github.com/appserve/appserve/listeners/exchange"
	"github.com/appserve/appserve/listeners/networks"
)

// Options are the rules of a location.
type Options struct {
	Allow    *networks.Set    // all others are kept out; nil: everybody
	Deny     *networks.Set    // kept out, even if allowed; nil: nobody
	Password *basicauth.Guard // nil: none is asked for
	Any      bool             // an address or a password is enough; else both have to be right
}

// rule is a location behind its rules.
type rule struct {
	Options
	byAddress bool // there is a rule about addresses
	next      http.Handler
}

// Wrap puts a location behind its rules; without any it is what it was.
func Wrap(o Options, next http.Handler) http.Handler {
	byAddress := o.Allow != nil || o.Deny != nil
	if !byAddress && o.Password == nil {
		return next
	}
	return &rule{Options: o, byAddress: byAddress, next: next}
}

// ServeHTTP implements http.Handler.
func (a *rule) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := exchange.From(w)
	address := a.admits(x)
	switch {
	case a.byAddress && !address && (!a.Any || a.Password == nil):
		x.Fail(http.StatusForbidden, exchange.ReasonDenied)
		return
	case a.Password == nil:
	case a.Any && a.byAddress && address:
		a.hide(r) // nobody asked for a password, and none is looked at
	case !a.ask(x, r):
		return
	}
	a.next.ServeHTTP(w, r)
}

// admits judges the address.
func (a *rule) admits(x *exchange.Exchange) bool {
	if !a.byAddress {
		return true
	}
	from := x.RemoteIP()
	return (a.Allow == nil || a.Allow.Contains(from)) && !a.Deny.Contains(from)
}

// ask judges the password; false: the request is answered.
func (a *rule) ask(x *exchange.Exchange, r *http.Request) bool {
	user, verdict := a.Password.Check(r.Context(), r.Header)
	switch verdict {
	case basicauth.Right:
		x.SetRemoteUser(user)
		return true
	case basicauth.Busy:
		x.Header()["Retry-After"] = []string{"5"}
		x.Fail(http.StatusServiceUnavailable, exchange.ReasonAuthBusy)
		return false
	}
	reason := exchange.ReasonAuthRequired
	if verdict == basicauth.Wrong {
		reason = exchange.ReasonAuthFailed
	}
	x.Header()["Www-Authenticate"] = []string{a.Password.Challenge()}
	x.Fail(http.StatusUnauthorized, reason)
	return false
}

// hide takes a password out of the request that is ours to check. What
// another scheme says is the application's.
func (a *rule) hide(r *http.Request) {
	for _, field := range r.Header["Authorization"] {
		if _, ok := basicauth.IsBasic(field); ok {
			delete(r.Header, "Authorization")
			return
		}
	}
}
