package main

import (
	"fmt"
	"net/http"

	"github.com/appserve/appserve/config"
	"github.com/appserve/appserve/listeners/headers"
)

// requestHeaders changes what the application gets.
func requestHeaders(_ *generation, l *config.Location, next http.Handler) (http.Handler, error) {
	edits, err := headerEdits(l.RequestHeaders)
	if edits == nil || err != nil {
		return next, err
	}
	return headers.Request(edits, next), nil
}

// headerEdits are nil when nothing is to be changed.
func headerEdits(c *config.HeaderEdits) (*headers.Edits, error) {
	if c == nil || len(c.Set)+len(c.Default)+len(c.Add)+len(c.Remove) == 0 {
		return nil, nil
	}
	edits := headers.Config{Remove: c.Remove}
	for _, list := range []struct {
		from []config.HeaderField
		to   *[]headers.Field
	}{{c.Set, &edits.Set}, {c.Default, &edits.Default}, {c.Add, &edits.Add}} {
		for _, field := range list.from {
			value, err := template(field.Value)
			if err != nil {
				return nil, fmt.Errorf("header %q: %w", field.Name, err)
			}
			*list.to = append(*list.to, headers.Field{Name: field.Name, Value: value})
		}
	}
	return headers.New(edits)
}
