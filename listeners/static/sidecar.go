package static

import (
	"context"
	"strings"
	"time"
)

// suffix is how the sidecar of a content coding is called.
func suffix(coding string) string {
	switch coding {
	case "br":
		return ".br"
	case "zstd":
		return ".zst"
	default:
		return ".gz"
	}
}

// findSidecars looks for precompressed forms of e's file: app.js.br beside
// app.js. One that is older than its file, in whole seconds because that is
// what some compressors keep, is what a forgotten build step leaves, and is
// not used; neither is an empty one.
func (h *Handler) findSidecars(ctx context.Context, e, old *entry, now time.Time) {
	for _, coding := range h.config.Precompressed {
		path := e.file.name + suffix(coding)
		found, err := h.open(path)
		if err != nil {
			_ = h.judge(path, err) // it is said in the log; the file itself can be sent
			continue
		}
		switch {
		case found.file == nil:
			continue
		case found.seen.size == 0:
			h.log.sidecar(path, "it is empty")
		case found.seen.modified.Sec < e.file.seen.modified.Sec:
			h.log.sidecar(path, "it is older than its original; compress it again")
		default:
			e.coded = append(e.coded, h.keep(ctx, &found, coding, old.coding(coding), now))
			e.codings = append(e.codings, coding)
			e.vary = h.fixed.acceptEncoding
			continue
		}
		found.close()
	}
}

// compressible says whether somebody could have compressed a file of that
// type: looking for sidecars of images costs the more, the less it can find.
func compressible(contentType string) bool {
	essence, _, _ := strings.Cut(contentType, ";")
	top, sub, _ := strings.Cut(essence, "/")
	switch top {
	case "image":
		return sub == "svg+xml" || sub == "bmp" || sub == "tiff" || sub == "vnd.microsoft.icon"
	case "video", "audio":
		return sub == "mp2t" || sub == "midi" || sub == "wav" || sub == "aiff"
	case "font":
		return sub != "woff" && sub != "woff2"
	}
	switch sub {
	case "zip", "gzip", "zstd", "x-bzip2", "x-xz", "x-7z-compressed", "vnd.rar", "java-archive", "epub+zip",
		"vnd.android.package-archive", "vnd.google-earth.kmz":
		return false
	}
	return true
}
