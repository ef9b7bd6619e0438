package main

import (
	"github.com/appserve/appserve/config"
	"github.com/appserve/appserve/listeners/errorpage"
	"github.com/appserve/appserve/listeners/exchange"
	"github.com/appserve/appserve/listeners/variable"
)

// responses are the rules for every response of a location, or of a site where
// no location matches. The files of error pages are read here.
func responses(rules *config.LocationRules) (exchange.Responses, error) {
	var r exchange.Responses
	var err error
	if r.CORS, err = corsPolicy(rules.CORS); err != nil {
		return r, err
	}
	if r.Headers, err = headerEdits(rules.ResponseHeaders); err != nil {
		return r, err
	}
	r.ErrorPages, err = errorPages(rules.ErrorPages)
	return r, err
}

// errorPages are nil when all pages are the built-in ones.
func errorPages(blocks []*config.ErrorPage) (*errorpage.Pages, error) {
	if len(blocks) == 0 {
		return nil, nil
	}
	var pages []errorpage.Config
	for _, block := range blocks {
		var body *variable.Template
		if _, said := block.Sources["body"]; said {
			var err error
			if body, err = template(block.Body); err != nil {
				return nil, err
			}
		}
		pages = append(pages, errorpage.Config{
			For: block.Name, File: block.File, Body: body, ContentType: block.ContentType,
			Status: block.Status, Intercept: block.Intercept, Declared: block.Source.String(),
		})
	}
	return errorpage.New(pages)
}
