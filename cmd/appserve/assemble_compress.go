package main

import (
	"net/http"

	"github.com/appserve/appserve/config"
	"github.com/appserve/appserve/listeners/compress"
)

// compressed compresses what a location answers.
func compressed(_ *generation, l *config.Location, next http.Handler) (http.Handler, error) {
	if l.Compress == nil {
		return next, nil
	}
	return compress.Wrap(compress.Options{
		Types:     l.Compress.Types,
		MinSize:   l.Compress.MinSize,
		Level:     l.Compress.Level,
		Encodings: l.Compress.Encodings,
	}, next)
}
