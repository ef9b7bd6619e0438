package main

import (
	"fmt"
	"net/http"

	"github.com/appserve/appserve/config"
	"github.com/appserve/appserve/listeners/access"
	"github.com/appserve/appserve/listeners/basicauth"
)

// restrict puts a location behind allow, deny, satisfy and basic_auth.
func (a *App) restrict(_ *generation, l *config.Location, next http.Handler) (http.Handler, error) {
	o := access.Options{Allow: networkSet(l.Allow), Deny: networkSet(l.Deny), Any: l.Satisfy == "any"}
	if l.BasicAuth != nil {
		guard, err := basicauth.New(basicauth.Options{
			Realm:     l.BasicAuth.Realm,
			UsersFile: l.BasicAuth.UsersFile,
			Users:     l.BasicAuth.Users,
			Gate:      a.passwords,
			Logger:    a.logs.named("access"),
		})
		if err != nil {
			return nil, fmt.Errorf("basic_auth (%s): %w", l.BasicAuth.Source, err)
		}
		o.Password = guard
	}
	return access.Wrap(o, next), nil
}
