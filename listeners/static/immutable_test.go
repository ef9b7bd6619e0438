package static

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"testing"
)

// builtNames are those that hashed must know, and must not.
var builtNames = map[string]bool{
	// Django
	"css/base.0123456789ab.css":                  true,
	"admin/css/base.9f65a0a82b8e.css":            true,
	"fonts/Roboto-Bold-webfont.50d75e48e0a3.ttf": true,
	"js/jquery.min.d2c4a9e1b37f.js":              true,
	// webpack, Parcel, Next.js, Rails, Gatsby
	"main.1a2b3c4d.js":                                 true,
	"static/js/main.1a2b3c4d.chunk.js":                 true,
	"static/js/main.1a2b3c4d.js.map":                   true,
	"app-1a2b3c4d5e6f7a8b9c0d.js":                      true,
	"1a2b3c4d5e6f7a8b9c0d.png":                         true,
	"_next/static/chunks/255-5d8ec55b9c8b4ef3.js":      true,
	"application-0f3d1b2a9c8e7d6f5a4b3c2d1e0f9a8b.css": true,
	// Vite, Rollup, Astro, SvelteKit, esbuild
	"assets/index-BX9yPq3Z.js":    true,
	"assets/index-C4sK9x2f.css":   true,
	"assets/index-D_4q-1Wb.js":    true,
	"assets/vendor--X9yPq3Z.js":   true,
	"assets/index-4f3c2b1a.js":    true,
	"assets/index.4f3c2b1a.js":    true,
	"_astro/page.BX9yPq3Z.css":    true,
	"_app/immutable/nodes/2.js":   true,
	"app/_app/immutable/start.js": true,
	"chunk-5QWLX3ZM.js":           true,
	// versions
	"jquery-3.7.1.min.js":        false,
	"bootstrap-5.3.0.css":        false,
	"lib.1.2.3.js":               false,
	"lib-10203040.js":            false,
	"react.18.2.0.production.js": false,
	"htmx-2.0.0-beta4.js":        false,
	"three.r160.js":              false,
	// dates and numbers
	"report.20240115.css":      false,
	"report-20240115.js":       false,
	"photo-20240115a.jpg":      false,
	"photo.20240115123456.jpg": false,
	"backup-20261122ab12.json": false,
	"clip-00012345.mp4":        false,
	"scan.12345678901234.png":  false,
	"v2024_01-x.js":            false,
	"app-v2024_01.js":          false,
	// words
	"jquery-migrated.js":      false,
	"font-awesome5.css":       false,
	"my-MyWidget.js":          false,
	"lib-iPhone13.png":        false,
	"the-Overview.js":         false,
	"deadbeef.js":             false,
	"cafe.deadbeef.css":       false,
	"style.facade00.css":      false,
	"IMG-DSC23456.jpg":        false,
	"IMG_20240115_123456.jpg": false,
	"index.js":                false,
	"a.b":                     false,
	"noextension-BX9yPq3Z":    false,
	"app.bundle.js":           false,
	"component.abcdefgh.js":   false,
	// identifiers, uploads, documents
	"avatar-550e8400-e29b-41d4-a716-4a66c54b0d0a.png": false,
	"d41d8cd98f00b204e9800998ecf8427e.jpg":            false,
	"report-BX9yPq3Z.pdf":                             false,
	"page.0123456789ab.html":                          false,
	"index-BX9yPq3Z.html":                             false,
	"data.0123456789ab.txt":                           false,
	"sub.0123456789ab.d/readme.js":                    false,
	".0123456789ab":                                   false,
	"":                                                false,
}

func TestHashed(t *testing.T) {
	for name, want := range builtNames {
		if got := hashed(name); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

// TestHashed_KnowsMost takes names as the tools make them. What is missed is
// asked for again by browsers, that is all; but it must not be much.
func TestHashed_KnowsMost(t *testing.T) {
	const n = 4000
	var django, webpack, vite int
	for i := range n {
		sum := sha256.Sum256([]byte(strconv.Itoa(i)))
		digits := hex.EncodeToString(sum[:])
		if hashed("a." + digits[:12] + ".css") {
			django++
		}
		if hashed("main." + digits[:20] + ".js") {
			webpack++
		}
		if hashed("index-" + base64.RawURLEncoding.EncodeToString(sum[:6]) + ".js") {
			vite++
		}
	}
	if django < n*98/100 || webpack < n*99/100 || vite < n*65/100 {
		t.Errorf("of %d names: Django %d, webpack %d, Vite %d", n, django, webpack, vite)
	}
	t.Logf("of %d names: Django %d, webpack %d, Vite %d", n, django, webpack, vite)
}
