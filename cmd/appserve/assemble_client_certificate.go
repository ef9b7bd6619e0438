package main

import (
	"net/http"

	"github.com/appserve/appserve/config"
	"github.com/appserve/appserve/listeners/exchange"
)

// clientCertificate lets only clients through that have shown a certificate,
// where the listener asks for one and takes none as well.
func clientCertificate(_ *generation, l *config.Location, next http.Handler) (http.Handler, error) {
	if l.ClientCertificate != "required" {
		return next, nil
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x := exchange.From(w)
		if t := x.TLS(); t == nil || t.Verify != "SUCCESS" {
			x.Fail(http.StatusForbidden, exchange.ReasonClientCertificateRequired)
			return
		}
		next.ServeHTTP(w, r)
	}), nil
}
