package main

import (
	"net/http"

	"github.com/appserve/appserve/config"
	"github.com/appserve/appserve/listeners/compress"
)

// mostEncoders bounds what compression holds at once, 256 MB at the most; it is
// far more than is busy at a time unless clients are slow.
const mostEncoders = 128

// compressed compresses what a location answers.
func (a *App) compressed(_ *generation, l *config.Location, next http.Handler) (http.Handler, error) {
	if l.Compress == nil {
		return next, nil
	}
	return compress.Wrap(compress.Options{
		Types:     l.Compress.Types,
		MinSize:   l.Compress.MinSize,
		Level:     l.Compress.Level,
		Encodings: l.Compress.Encodings,
		Budget:    a.encoders,
	}, next)
}
