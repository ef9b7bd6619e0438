package config

import "strings"

// compressSchema is the compress block.
func compressSchema() *schema {
	return &schema{
		name: "compress", phrase: "a compress block", single: true, rule: true,
		doc: "Compresses answers on the fly for clients that accept it, unless they are coded already or small. Brotli comes from sidecar files only (`precompressed` in static).",
		rows: []row{
			{name: "types", kind: listOf(mediaPattern()), example: `["text/*", "application/json"]`,
				def: `["text/*", "application/json", "application/*+json", "application/javascript", "application/xml", "application/*+xml", "application/wasm", "image/svg+xml", "image/bmp", "image/x-icon", "font/ttf", "font/otf"]`,
				doc: "Media types that are compressed; a `*` stands for any part."},
			{name: "min_size", kind: size(), def: `"1KiB"`, min: byteSize(0), max: byteSize(1 << 30),
				doc: "The smallest body that is worth it. A body of unknown length is compressed."},
			{name: "level", kind: integer(), min: 1, max: 9, example: "6",
				doc: "From fast to small; a good middle of each coding when not set."},
			{name: "encodings", kind: listOf(dynamicCoding()), def: `["zstd", "gzip"]`,
				doc: "Codings that are offered, the preferred one first."},
		},
		check: checkCompress,
	}
}

// dynamicCoding is a coding that is made on the fly.
func dynamicCoding() kind {
	inner := oneOf([]string{"zstd", "gzip"}, nil)
	return ofString("encoding", `"zstd"`, `"zip"`, func(c *cell, s string) (any, *fault) {
		switch s {
		case "br", "brotli":
			return nil, c.fault("Brotli is not made on the fly", `It is served from sidecar files: precompressed in a static block. Write one of "zstd", "gzip".`)
		case "deflate":
			return nil, c.fault("This encoding is not offered", `Browsers disagree about what "deflate" is. Write one of "zstd", "gzip".`)
		}
		return inner.read(c, ctyString(s))
	}, printText)
}

// mediaPattern is a media type without parameters, "text/*" or "application/*+json".
func mediaPattern() kind {
	return ofString("media type or pattern", `"text/*"`, `"html"`, func(c *cell, s string) (any, *fault) {
		switch {
		case strings.Contains(s, ";"):
			return nil, c.fault("This media type has parameters", "They take no part. %s", c.write(quote(strings.TrimSpace(strings.SplitN(s, ";", 2)[0]))))
		case s == "*", s == "*/*":
			return nil, c.fault("This would compress everything", "Images and archives are compressed already, and again only costs time. Write types such as \"text/*\".")
		case !isMediaType(strings.ReplaceAll(s, "*", "x")):
			return nil, c.fault("This is not a media type", "%s has not the form type/subtype. %s", quote(s), c.write(`"text/html"`))
		}
		return strings.ToLower(s), nil
	}, printText).called("media types or patterns")
}

func checkCompress(c *checking, b *block) {
	for _, name := range []string{"types", "encodings"} {
		if s := b.written(name); s != nil && !s.placeholder && len(b.list(name)) == 0 {
			c.errorAt(s.at, "This compress block compresses nothing", "Leave the line out for the default, or write: compress { enabled = false }")
		}
	}
	c.listedTwice(b, "encodings", "types")
}

// listedTwice answers texts that a list holds twice.
func (c *checking) listedTwice(b *block, names ...string) {
	for _, name := range names {
		first := map[string]item{}
		for _, one := range b.list(name) {
			text, _ := one.value.(string)
			if before, again := first[text]; again {
				c.errorAt(one.at, quote(text)+" is listed twice", "Leave one of them out.", related{"first listed here", before.at})
				continue
			}
			first[text] = one
		}
	}
}

func (f *freezing) compress(b *block) *Compress {
	return &Compress{
		Block:     f.block(b),
		Types:     b.texts("types"),
		MinSize:   b.size("min_size"),
		Level:     b.integer("level"),
		Encodings: b.texts("encodings"),
	}
}
