package config

import (
	"mime"
	"strings"
	"time"
)

// staticSchema is the static block: files answered by appserve itself.
func staticSchema() *schema {
	return &schema{
		name: "static", phrase: "a static block", single: true,
		doc: "Files. What follows the location's path is looked up beneath `directory`.",
		rows: []row{
			{name: "directory", kind: filePath(), example: `"/srv/mysite/static"`,
				doc: "The folder. Links in its own path are resolved once per generation."},
			{name: "file", kind: filePath(), example: `"/srv/mysite/robots.txt"`,
				doc: "One file, instead of a folder, for the location itself."},
			{name: "index", kind: listOf(fileName()), def: `["index.html"]`, doc: "Files that answer for a folder."},
			{name: "try", kind: listOf(candidate().called("paths with $rest")), def: `["$rest"]`,
				doc: "Candidates beneath the directory, in order; `$rest` is what follows the location. A single-page application: `[\"$rest\", \"/index.html\"]`."},
			{name: "fallback", kind: referenceTo("pool", "upstream"), example: "pool.sample", bad: `"pool.sample"`,
				doc: "Takes what is not a file, and every method but GET and HEAD. Without it those get 404 and 405."},
			{name: "max_age", kind: duration(), min: time.Duration(0), max: 3650 * 24 * time.Hour, example: `"30d"`,
				doc: "How long browsers may keep a file without asking (`Cache-Control: max-age`). Files that `immutable` knows they may keep for a year."},
			{name: "cache_control", kind: headerValue(`"no-cache"`), doc: "The whole Cache-Control header of all files, instead of `max_age` and `immutable`."},
			{name: "types", kind: mapOfText(`{ wasm = "application/wasm" }`, `{ ".js" = "text/javascript" }`, checkExtension), def: "{}",
				doc: "Media types by extension, before the built-in table."},
			{name: "default_type", kind: mediaType(), def: `"application/octet-stream"`,
				doc: "The type of what no table knows."},
			{name: "charset", kind: headerValue(`"utf-8"`), def: `"utf-8"`, doc: "Added to text types."},
			{name: "symlinks", kind: oneOf([]string{"inside", "follow", "none"}, nil), def: `"inside"`,
				doc: "`inside` follows links whose target lies beneath the directory, `follow` all, `none` no link."},
			{name: "dotfiles", kind: boolean(), def: "false", doc: "Serves names that begin with a dot."},
			{name: "immutable", kind: oneOf([]string{"auto", "on", "off"}, nil), def: `"auto"`,
				doc: "Whether browsers may keep files for ever. `auto`: those whose names carry a hash (Django's manifest, Vite, webpack); `on`: all of them."},
			{name: "precompressed", kind: listOf(sidecarCoding()), def: `["br", "zstd", "gzip"]`,
				doc: "Codings of sidecar files (`.br`, `.zst`, `.gz`) that are sent to clients that take them, the preferred one first. `[]`: none."},
			{name: "autoindex", kind: boolean(), def: "false", doc: "Lists the contents of folders that have no index file."},
		},
		blocks: []*schema{filesSchema()},
		sample: `directory = "/srv/mysite/static"`,
		check:  checkStatic,
	}
}

func checkStatic(c *checking, b *block) {
	directory, file := b.written("directory"), b.written("file")
	switch {
	case directory == nil && file == nil && !b.refused["directory"] && !b.refused["file"]:
		c.errorAt(b.at, "This static block has no files", "Write: directory = \"/srv/mysite/static\", or file = ... for a single one.")
	case directory != nil && file != nil:
		c.errorAt(file.nameAt, `"file" and "directory" exclude each other`, "A single file is a location of its own. Leave one of them out.",
			related{"the directory is here", directory.nameAt})
	case file != nil:
		for _, name := range []string{"index", "try", "symlinks", "dotfiles", "precompressed", "autoindex"} {
			if s := b.written(name); s != nil {
				c.errorAt(s.nameAt, quote(name)+" means nothing with file", "It is about what lies in a directory. Leave it out.")
			}
		}
	}
	c.listedTwice(b, "precompressed")
	if child := b.one("files"); child != nil && file != nil {
		c.errorAt(child.at, `"files" means nothing with file`, "It is about what lies in a directory. Leave it out.")
	}
	if s := b.written("immutable"); s != nil && b.text("immutable") == "on" && b.written("cache_control") != nil {
		c.errorAt(s.nameAt, `"immutable" and "cache_control" exclude each other`, "The latter is the whole header. Write both into it: cache_control = \"public, max-age=31536000, immutable\"",
			related{"cache_control is here", b.written("cache_control").nameAt})
	}
	if s, age := b.written("immutable"), b.written("max_age"); s != nil && b.text("immutable") == "on" && age != nil {
		c.errorAt(age.nameAt, `"max_age" and "immutable" exclude each other`, "Nothing is left that could become old: all files are immutable. Write: immutable = \"auto\"",
			related{"immutable is here", s.nameAt})
	}
	if age, whole := b.written("max_age"), b.written("cache_control"); age != nil && whole != nil {
		c.errorAt(whole.nameAt, `"cache_control" and "max_age" exclude each other`, "The first is the whole header. Write both into it: cache_control = \"public, max-age=3600\"",
			related{"max_age is here", age.nameAt})
	}
}

// sidecarCoding is a coding of files that lie beside the plain ones.
func sidecarCoding() kind {
	inner := oneOf([]string{"br", "zstd", "gzip"}, nil)
	return ofString("encoding", `"br"`, `"zip"`, func(c *cell, s string) (any, *fault) {
		for ours, others := range map[string][]string{"br": {"brotli", ".br"}, "zstd": {"zst", ".zst"}, "gzip": {"gz", ".gz"}} {
			if contains(others, s) {
				return nil, c.fault("This is not one of the choices", "It is called by its name in HTTP. %s", c.write(quote(ours)))
			}
		}
		return inner.read(c, ctyString(s))
	}, printText)
}

// fileName is a name without slashes.
func fileName() kind {
	return ofString("file name", `"index.html"`, `"a/b"`, func(c *cell, s string) (any, *fault) {
		if s == "" || s == "." || s == ".." || strings.ContainsRune(s, '/') || strings.ContainsFunc(s, isControl) {
			return nil, c.fault("This is not a file name", "It is looked for in the folder itself, so it has no slash. %s", c.write(`"index.html"`))
		}
		return s, nil
	}, printText)
}

// candidate is a path beneath a static directory, with $rest in it.
func candidate() kind {
	inner := template("rest")
	return ofString("path with $rest", `"$rest"`, `"index.html"`, func(c *cell, s string) (any, *fault) {
		switch {
		case strings.HasPrefix(s, "="):
			return nil, c.fault("This is no candidate", "A miss is answered with 404 without saying so. Leave it out.")
		case strings.HasPrefix(s, "@"):
			return nil, c.fault("This is no candidate", "What takes a miss is said beside the list. Write: fallback = pool.NAME")
		case strings.HasPrefix(s, "$uri"):
			return nil, c.fault("This is no candidate", "What follows the location is called $rest. %s", c.write(quote("$rest"+strings.TrimPrefix(s, "$uri"))))
		case !strings.HasPrefix(s, "/") && !strings.HasPrefix(s, "$"):
			return nil, c.fault("A candidate begins with a slash", "It is a path beneath the directory. %s", c.write(quote("/"+s)))
		case strings.Contains(s+"/", "/../"):
			return nil, c.fault("A candidate cannot leave the directory", "\"..\" is not followed. Leave it out.")
		}
		return inner.read(c, ctyString(s))
	}, printTemplate)
}

// mediaType is "type/subtype" with parameters.
func mediaType() kind {
	return ofString("media type", `"text/html"`, `"html"`, func(c *cell, s string) (any, *fault) {
		if !isMediaType(s) {
			return nil, c.fault("This is not a media type", "%s has not the form type/subtype. %s", quote(s), c.write(`"text/html"`))
		}
		return s, nil
	}, printText)
}

func isMediaType(s string) bool {
	t, _, err := mime.ParseMediaType(s)
	return err == nil && strings.Count(t, "/") == 1 && !strings.HasPrefix(t, "/") && !strings.HasSuffix(t, "/")
}

// checkExtension says what is wrong with a key of types.
func checkExtension(key string) string {
	switch {
	case strings.HasPrefix(key, "."):
		return "has a dot. Write: " + printKey(strings.TrimPrefix(key, "."))
	case key == "" || strings.ContainsAny(key, "/* ") || strings.ContainsFunc(key, isControl):
		return "is no file extension"
	}
	return ""
}

func (f *freezing) static(b *block) *Static {
	out := &Static{
		Block:        f.block(b),
		Directory:    b.text("directory"),
		File:         b.text("file"),
		Index:        b.texts("index"),
		Try:          itemsAs[Template](b.list("try")),
		Fallback:     target(b, "fallback"),
		MaxAge:       pointer[time.Duration](b, "max_age"),
		CacheControl: b.text("cache_control"),
		Types:        map[string]string{},
		DefaultType:  b.text("default_type"),
		Charset:      b.text("charset"),
		Symlinks:     b.text("symlinks"),
		Dotfiles:     b.flag("dotfiles"),

		Immutable:     b.text("immutable"),
		Precompressed: b.texts("precompressed"),
		Autoindex:     b.flag("autoindex"),
	}
	for _, files := range b.all("files") {
		out.Files = append(out.Files, f.files(files))
	}
	for extension, t := range b.dictionary("types") {
		out.Types[strings.ToLower(extension)] = t
	}
	return out
}
