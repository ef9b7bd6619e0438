package listeners

import (
	"net/http"

	"github.com/appserve/appserve/listeners/exchange"
)

// misdirected answers 421 to a request that came through a connection for
// another host, when that could get it around a client certificate.
func (d *door) misdirected(x *exchange.Exchange, host string) bool {
	t := x.TLS()
	if t == nil {
		return false
	}
	set := d.terminator.Current()
	if set == nil || !set.Misdirected(t.ServerName, host) {
		return false
	}
	x.Fail(http.StatusMisdirectedRequest, exchange.ReasonMisdirected)
	return true
}
