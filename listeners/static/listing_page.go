package static

import (
	"fmt"
	"html"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// appendPage writes a page that needs nothing but itself.
func (l *listing) appendPage(dst []byte) []byte {
	title := html.EscapeString(printable(l.path))
	dst = append(dst, "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"+
		"<meta name=\"viewport\" content=\"width=device-width\">\n<title>"...)
	dst = append(dst, title...)
	dst = append(dst, "</title>\n<style>"+listingStyle+"</style>\n"+listingIcons+"<main>\n<h1>"...)
	dst = l.appendCrumbs(dst)
	dst = append(dst, "</h1>\n<table>\n<thead><tr><th>Name<th>Size<th>Modified (UTC)</thead>\n<tbody>\n"...)
	if strings.Trim(l.rest, "/") != "" {
		dst = append(dst, "<tr><td><a href=\"../\"><svg><use href=\"#u\"/></svg>..</a><td><td>\n"...)
	}
	for _, e := range l.entries {
		dst = e.appendRow(dst)
	}
	dst = append(dst, "</tbody>\n</table>\n<p>"...)
	dst = append(dst, l.summary()...)
	return append(dst, "</p>\n</main>\n</html>\n"...)
}

// appendCrumbs writes the path with a link for each folder above this one that
// belongs to the location.
func (l *listing) appendCrumbs(dst []byte) []byte {
	segments := strings.FieldsFunc(l.rest, func(r rune) bool { return r == '/' })
	base := strings.TrimSuffix(l.path, l.rest) + "/"
	for i := range len(segments) + 1 {
		text := base
		if i > 0 {
			text = segments[i-1] + "/"
		}
		text = html.EscapeString(printable(text))
		if up := len(segments) - i; up > 0 {
			text = `<a href="` + strings.Repeat("../", up) + `">` + text + `</a>`
		}
		dst = append(dst, text...)
	}
	return dst
}

// appendRow writes one name. The link is relative, and with ./ in front no
// name reads as a scheme (RFC 3986, 4.2).
func (e listed) appendRow(dst []byte) []byte {
	icon, slash := "f", ""
	if e.folder {
		icon, slash = "d", "/"
	}
	dst = fmt.Appendf(dst, "<tr><td><a href=\"./%s%s\"><svg><use href=\"#%s\"/></svg>%s%s</a><td>",
		html.EscapeString(url.PathEscape(e.name)), slash, icon, html.EscapeString(printable(e.name)), slash)
	if !e.folder {
		dst = fmt.Appendf(dst, "<data value=\"%d\">%s</data>", e.size, readable(e.size))
	}
	dst = append(dst, "<td>"...)
	if !e.modified.IsZero() {
		at := e.modified.UTC()
		dst = fmt.Appendf(dst, "<time datetime=\"%s\">%s</time>", at.Format(time.RFC3339), at.Format("2006-01-02 15:04"))
	}
	return append(dst, '\n')
}

// summary is the line below the names.
func (l *listing) summary() string {
	var folders, files int
	var size int64
	for _, e := range l.entries {
		if e.folder {
			folders++
		} else {
			files++
			size += e.size
		}
	}
	text := count(folders, "folder") + ", " + count(files, "file") + ", " + readable(size)
	if l.cut {
		text += ". This folder holds more names; only " + strconv.Itoa(l.most) + " were looked at."
	}
	return text
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// readable is a number of bytes as people read it.
func readable(size int64) string {
	if size < 1024 {
		return strconv.FormatInt(size, 10) + " B"
	}
	value, unit := float64(size)/1024, 0
	for value >= 1023.95 && unit < len("KMGTPE")-1 {
		value /= 1024
		unit++
	}
	return strconv.FormatFloat(value, 'f', 1, 64) + " " + "KMGTPE"[unit:unit+1] + "iB"
}

// printable is a name as it can be shown. Not every name is UTF-8.
func printable(name string) string { return strings.ToValidUTF8(name, "\uFFFD") }

const listingStyle = ":root{color-scheme:light dark;--line:#8883;--soft:#8881;--link:light-dark(#0b57a4,#8ab8f0)}" +
	"body{font:1em/1.5 system-ui,sans-serif;margin:4vh auto;max-width:62em;padding:0 1.5em}" +
	"h1{font-size:1.25em;font-weight:600;overflow-wrap:anywhere;padding:0 .48em}" +
	"a{color:var(--link);text-decoration:none}a:hover,a:focus-visible{text-decoration:underline}" +
	"table{border-collapse:collapse;width:100%}th{font-weight:500;opacity:.65;font-size:.85em;text-align:left}" +
	"th,td{padding:.35em .6em;border-bottom:1px solid var(--line)}tbody tr:hover{background:var(--soft)}" +
	"td:first-child{overflow-wrap:anywhere}" +
	"th:nth-child(2){width:6em}th:nth-child(3){width:10em}th+th,td+td{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}" +
	"svg{width:1.1em;height:1.1em;margin-right:.55em;vertical-align:-.18em;fill:none;stroke:currentColor;stroke-width:1.6;stroke-linejoin:round;opacity:.8}" +
	"#icons{display:none}p{opacity:.65;font-size:.85em;padding:0 .7em}" +
	"@media(max-width:34em){th:last-child,td:last-child{display:none}}"

const listingIcons = `<svg id="icons"><symbol id="d" viewBox="0 0 20 20"><path d="M2 5h6l2 2h8v9H2z"/></symbol>` +
	`<symbol id="f" viewBox="0 0 20 20"><path d="M5 2h7l4 4v12H5zM12 2v4h4"/></symbol>` +
	`<symbol id="u" viewBox="0 0 20 20"><path d="M10 16V5M5 9l5-5 5 5"/></symbol></svg>` + "\n"
