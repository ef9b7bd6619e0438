package main

import (
	"net/http"

	"github.com/appserve/appserve/config"
	"github.com/appserve/appserve/listeners/methods"
)

// onlyMethods lets in the methods of a location.
func onlyMethods(_ *generation, l *config.Location, next http.Handler) (http.Handler, error) {
	if len(l.Methods) == 0 {
		return next, nil
	}
	return methods.Only(l.Methods, next), nil
}
