package config

import "strings"

// filesSchema is the files block of a static block.
func filesSchema() *schema {
	return &schema{
		name: "files", phrase: "a files block", label: "PATTERN",
		doc: "What holds for some of the files. The pattern is a glob on the part of the path beneath the location, without a slash in front: `*` inside a segment, `**` across (`\"*.map\"`, `\"**/*.map\"`, `\"assets/**\"`). Of several that fit, the longest pattern counts.",
		rows: []row{
			{name: "deny", kind: boolean(), def: "false", doc: "Answers 403, whether there is such a file or not; what lies in a folder that fits is refused with it. A fallback is not asked."},
			{name: "cache_control", kind: headerValue(`"no-cache"`), doc: "The whole Cache-Control header, instead of what the static block says."},
			{name: "content_type", kind: mediaType(), doc: "The media type, instead of the one by extension."},
		},
		blocks: []*schema{responseHeadersSchema(false)},
		check:  checkFiles,
	}
}

// canonicalFilesPattern is the pattern of a files block without a slash in
// front, or what is wrong with it.
func canonicalFilesPattern(s string) (pattern, summary, detail string) {
	if summary, detail := globFault(s); summary != "" {
		return "", summary, strings.Replace(detail, ` For more, write: match = "regex"`, "", 1)
	}
	pattern = strings.TrimPrefix(s, "/")
	switch {
	case pattern == "":
		return "", "This pattern is empty", `Write: files "*.map" {`
	case strings.HasPrefix(s, "~"), strings.HasPrefix(s, "^"), strings.HasSuffix(s, "$"):
		return "", "This pattern is no regular expression", `Write a glob: files "**/*.map" {`
	case strings.HasPrefix(s, "."):
		return "", "This pattern begins with a dot", `It is a glob, not an extension. Write: files ` + quote("**/*"+s) + ` {`
	case strings.HasSuffix(s, "/"):
		return "", "This pattern ends in a slash", "A folder is never a file. For all that is in it, write: files " + quote(pattern+"**") + " {"
	case strings.ContainsFunc(s, isControl):
		return "", "This pattern holds a control character", "No file could match it."
	}
	for segment := range strings.SplitSeq(pattern, "/") {
		if segment == "" || segment == "." || segment == ".." {
			return "", "This pattern has empty or dot segments", "Paths are cleaned of them before they are matched."
		}
	}
	return pattern, "", ""
}

func checkFiles(c *checking, b *block) {
	if _, summary, detail := canonicalFilesPattern(b.label); summary != "" {
		c.errorAt(b.labelAt, summary, detail)
	}
	if !b.flag("deny") {
		return
	}
	for _, name := range []string{"cache_control", "content_type"} {
		if s := b.written(name); s != nil {
			c.errorAt(s.nameAt, quote(name)+" means nothing with deny", "These files are never sent. Leave one of them out.")
		}
	}
	if child := b.one("response_headers"); child != nil {
		c.errorAt(child.at, `"response_headers" means nothing with deny`, "These files are never sent. Leave one of them out.")
	}
}

func (f *freezing) files(b *block) *StaticFiles {
	out := &StaticFiles{
		Block:        f.block(b),
		Deny:         b.flag("deny"),
		CacheControl: b.text("cache_control"),
		ContentType:  b.text("content_type"),
	}
	out.Name, _, _ = canonicalFilesPattern(b.label)
	if edits := b.one("response_headers"); edits != nil {
		out.ResponseHeaders = f.headerEdits(edits)
	}
	return out
}
