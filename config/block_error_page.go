package config

import (
	"path"
	"strconv"
	"strings"
)

// errorPageSchema is the error_page block.
func errorPageSchema() *schema {
	return &schema{
		name: "error_page", phrase: "an error_page block", label: "STATUS", rule: true,
		doc: "A page of your own for answers with a status (`\"404\"`) or of a class (`\"5xx\"`); the status wins over its class. It replaces what appserve answers itself; the application's own answers with `intercept = true` only. A location's replaces its site's of the same label.",
		rows: []row{
			{name: "file", kind: filePath(), example: `"/srv/mysite/404.html"`, doc: "The page, of 1 MiB at most; read when the configuration is. Without file and body it is the built-in page."},
			{name: "body", kind: anyTemplate(), example: `"Not here: $path"`, doc: "The page as text, instead of a file, with request variables."},
			{name: "content_type", kind: mediaType(), def: "by the file's extension, else text/html; charset=utf-8", computed: pageType, example: `"text/html"`,
				doc: "Its media type."},
			{name: "status", kind: finalStatus(), doc: "Another status for the answer; as it was when not set."},
			{name: "intercept", kind: boolean(), def: "false", doc: "Replaces the answers of the application or upstream too."},
		},
		sample: `body = "away for a moment"`,
		check:  checkErrorPage,
	}
}

// pageType is the media type of a page by its file's name, the same on every machine.
func pageType(_ *completion, b *block) any {
	switch strings.ToLower(path.Ext(b.text("file"))) {
	case ".txt":
		return "text/plain; charset=utf-8"
	case ".json":
		return "application/json"
	case ".xml":
		return "application/xml"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	}
	return "text/html; charset=utf-8"
}

// errorLabelFault says what is wrong with a label of error_page, as two sentences.
func errorLabelFault(label string) (summary, detail string) {
	if label == "4xx" || label == "5xx" {
		return "", ""
	}
	if strings.ContainsAny(label, " ,") {
		return "An error page is for one status", "Write a block for each, or one for a class: error_page \"5xx\" {"
	}
	switch status, err := strconv.Atoi(label); {
	case err == nil && strconv.Itoa(status) == label && status >= 400 && status <= 599:
		return "", ""
	case strings.EqualFold(label, "4xx"), strings.EqualFold(label, "5xx"):
		return "This is no status of an error", "Write: error_page " + quote(strings.ToLower(label)) + " {"
	}
	return "This is no status of an error", quote(label) + " is not among 400 to 599, \"4xx\" and \"5xx\". Write: error_page \"404\" {"
}

func checkErrorPage(c *checking, b *block) {
	if summary, detail := errorLabelFault(b.label); summary != "" {
		c.errorAt(b.labelAt, summary, detail)
	}
	file, body := b.written("file"), b.written("body")
	switch {
	case file != nil && body != nil:
		c.errorAt(body.nameAt, `"body" and "file" exclude each other`, "Leave one of them out.", related{"the file is here", file.nameAt})
	case file == nil && body == nil && !b.refused["file"] && !b.refused["body"] && b.written("status") == nil && !b.flag("intercept"):
		c.errorAt(b.at, "This error page has no content", `Write: file = "/srv/mysite/404.html", or body = "..."`)
	case file == nil && body == nil && b.written("content_type") != nil:
		c.errorAt(b.written("content_type").nameAt, `"content_type" means nothing without a page`, `Leave it out, or write: file = "/srv/mysite/404.html"`)
	}
	switch status := b.integer("status"); status {
	case 204, 205, 304:
		c.errorAt(b.written("status").at, "An answer with this status has no body", "Choose another status.")
	}
}

func (f *freezing) errorPage(b *block) *ErrorPage {
	return &ErrorPage{
		Block:       f.block(b),
		File:        b.text("file"),
		Body:        b.template("body"),
		ContentType: b.text("content_type"),
		Status:      b.integer("status"),
		Intercept:   b.flag("intercept"),
	}
}

// errorPages are those of a location and, behind them, those of its site that
// it does not replace.
func (f *freezing) errorPages(b *block, outer []*ErrorPage) []*ErrorPage {
	var pages []*ErrorPage
	said := map[string]bool{}
	for _, child := range b.blocks {
		if child.schema.name != "error_page" {
			continue
		}
		said[child.label] = true
		if child.enabled() {
			pages = append(pages, f.errorPage(child))
		}
	}
	for _, page := range outer {
		if !said[page.Name] {
			pages = append(pages, page)
		}
	}
	return pages
}
