package static

import "strings"

// Immutable says which files never change, so that clients need not ask again.
type Immutable string

// The values of Immutable; the zero value means ImmutableOff.
const (
	ImmutableAuto Immutable = "auto" // those with a hash of their content in the name
	ImmutableOn   Immutable = "on"   // all
	ImmutableOff  Immutable = "off"  // none
)

// hashed says whether a build tool put a hash of the content into the name of
// a file, so that another content would have another name. To be wrong here
// means that visitors keep an old file for a year, so what could be a word, a
// version, a date or an identifier is none, and now and then neither is a hash
// that looks like one. These are known:
//
//	style.0123456789ab.css       Django's ManifestStaticFilesStorage: 12 hexadecimal digits
//	main.1a2b3c4d.chunk.js       webpack, Parcel: 8 to 64 hexadecimal digits between dots
//	main-1a2b3c4d.js             webpack, Rails, Next.js: the same behind a dash
//	1a2b3c4d5e6f7a8b9c0d.png     webpack's asset modules: 20 of them and nothing else
//	index-BX9yPq3Z.js            Vite, Rollup: 8 digits of base 64 behind a dash, or
//	index.BX9yPq3Z.css           Astro, SvelteKit: behind a dot
//	app-5QWLXZ3M.js              esbuild, Angular: 8 digits of base 32 behind a dash
//	_app/immutable/x.js          SvelteKit: the folder says it
func hashed(path string) bool {
	if strings.HasPrefix(path, "_app/immutable/") || strings.Contains(path, "/_app/immutable/") {
		return true
	}
	base := path[strings.LastIndexByte(path, '/')+1:]
	parts := strings.Split(base, ".")
	last := len(parts) - 1
	if last < 1 || !built(parts[last]) {
		return false
	}
	if last == 1 && len(parts[0]) == 20 && isHex(parts[0]) {
		return true
	}
	for i, part := range parts[:last] {
		if i > 0 && (isHex(part) || isBase64(part)) || endsInHash(part) {
			return true
		}
	}
	return false
}

// built says whether a build tool makes files with that extension. What people
// upload or generate as documents and pages, it never does.
func built(extension string) bool {
	switch strings.ToLower(extension) {
	case "js", "mjs", "cjs", "css", "map", "wasm", "json",
		"woff", "woff2", "ttf", "otf", "eot",
		"svg", "png", "jpg", "jpeg", "gif", "webp", "avif", "ico", "bmp", "cur",
		"mp4", "webm", "ogg", "mp3", "wav", "flac", "aac",
		"glb", "gltf", "ktx2", "webmanifest":
		return true
	}
	return false
}

// endsInHash looks at what follows a dash. A UUID is no hash of a content.
func endsInHash(part string) bool {
	if n := len(part) - 8; n >= 2 && part[n-1] == '-' && (isBase64(part[n:]) || isBase32(part[n:])) {
		return true
	}
	dash := strings.LastIndexByte(part, '-')
	return dash > 0 && isHex(part[dash+1:]) && !endsInUUID(part)
}

func endsInUUID(part string) bool {
	n := len(part) - 36
	return n >= 0 && part[n+8] == '-' && part[n+13] == '-' && part[n+18] == '-' && part[n+23] == '-'
}

// isHex knows 8 to 64 lower-case hexadecimal digits that are neither a number
// nor a word, nor, when they are few, one behind the other.
func isHex(s string) bool {
	if len(s) < 8 || len(s) > 64 || startsWithDate(s) {
		return false
	}
	for i := 0; i < len(s); i++ {
		if class(s[i]) != digit && (s[i] < 'a' || s[i] > 'f') {
			return false
		}
	}
	return runs(s) >= 3 || len(s) >= 12 && runs(s) >= 2
}

// isBase64 knows 8 digits of base 64 with letters of both cases among them.
// Names in camel case have long runs, hashes have short ones.
func isBase64(s string) bool {
	if len(s) != 8 {
		return false
	}
	var seen [other + 1]bool
	for i := 0; i < len(s); i++ {
		c := class(s[i])
		if c == other {
			return false
		}
		seen[c] = true
	}
	return seen[upper] && seen[lower] && runs(s) >= 4 && !startsWithDate(s)
}

// isBase32 knows 8 digits of base 32, which are A to Z and 2 to 7.
func isBase32(s string) bool {
	for i := 0; i < len(s); i++ {
		if class(s[i]) != upper && (s[i] < '2' || s[i] > '7') {
			return false
		}
	}
	return len(s) == 8 && runs(s) >= 4
}

const (
	digit = iota
	lower
	upper
	mark // the two digits of base 64 that are neither
	other
)

func class(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return digit
	case 'a' <= c && c <= 'z':
		return lower
	case 'A' <= c && c <= 'Z':
		return upper
	case c == '-' || c == '_':
		return mark
	}
	return other
}

// runs counts the pieces of s that a person could have put together: numbers,
// words, capitalised words, abbreviations.
func runs(s string) int {
	n := 1
	for i := 1; i < len(s); i++ {
		before, now := class(s[i-1]), class(s[i])
		capitalised := before == upper && now == lower && (i == 1 || class(s[i-2]) != upper)
		if before != now && !capitalised {
			n++
		}
	}
	return n
}

// startsWithDate knows 20YYMMDD and 19YYMMDD.
func startsWithDate(s string) bool {
	if len(s) < 8 || s[:2] != "20" && s[:2] != "19" {
		return false
	}
	for i := 2; i < 8; i++ {
		if class(s[i]) != digit {
			return false
		}
	}
	month, day := s[4:6], s[6:8]
	return "01" <= month && month <= "12" && "01" <= day && day <= "31"
}
