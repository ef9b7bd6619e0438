package exchange

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// pageKind is the form of an error answer.
type pageKind uint8

const (
	textPage pageKind = iota
	htmlPage
	jsonPage
)

func (k pageKind) contentType() string {
	switch k {
	case htmlPage:
		return "text/html; charset=utf-8"
	case jsonPage:
		return "application/json"
	default:
		return "text/plain; charset=utf-8"
	}
}

// preferred reads Accept: the one of HTML and JSON that the client names with
// the higher weight, the first on a tie; text for a client that names neither,
// such as curl with */*.
func preferred(accept []string) pageKind {
	best, weight := textPage, 0.0
	for _, field := range accept {
		for item := range strings.SplitSeq(field, ",") {
			media, parameters, _ := strings.Cut(item, ";")
			kind := textPage
			switch strings.ToLower(strings.TrimSpace(media)) {
			case "text/html", "application/xhtml+xml":
				kind = htmlPage
			case "application/json":
				kind = jsonPage
			default:
				continue
			}
			if q := quality(parameters); q > weight {
				best, weight = kind, q
			}
		}
	}
	return best
}

// quality is the weight in the parameters of a media range (RFC 9110, section 12.4.2).
func quality(parameters string) float64 {
	for parameter := range strings.SplitSeq(parameters, ";") {
		name, value, _ := strings.Cut(parameter, "=")
		if strings.EqualFold(strings.TrimSpace(name), "q") {
			q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			if err != nil {
				return 0
			}
			return q
		}
	}
	return 1
}

// appendPage renders an error answer. reason and id are our own words, safe in every form.
func appendPage(dst []byte, kind pageKind, status int, reason, id string) []byte {
	title := strconv.Itoa(status) + " " + http.StatusText(status)
	switch kind {
	case jsonPage:
		dst = append(dst, `{"status": `...)
		dst = strconv.AppendInt(dst, int64(status), 10)
		dst = append(dst, `, "reason": "`...)
		dst = append(dst, reason...)
		dst = append(dst, `", "request_id": "`...)
		dst = append(dst, id...)
		return append(dst, "\"}\n"...)
	case htmlPage:
		dst = append(dst, "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"...)
		dst = append(dst, "<meta name=\"viewport\" content=\"width=device-width\">\n<title>"...)
		dst = append(dst, title...)
		dst = append(dst, "</title>\n<style>"+pageStyle+"</style>\n<main>\n<h1>"...)
		dst = append(dst, title...)
		dst = append(dst, "</h1>\n<p>"...)
		dst = append(dst, sentence(status)...)
		dst = append(dst, "</p>\n<p><small>Request "...)
		dst = append(dst, id...)
		return append(dst, "</small></p>\n</main>\n</html>\n"...)
	default:
		dst = append(dst, title...)
		dst = append(dst, "\n\n"...)
		dst = append(dst, sentence(status)...)
		dst = append(dst, "\n\nRequest "...)
		dst = append(dst, id...)
		return append(dst, '\n')
	}
}

const pageStyle = ":root{color-scheme:light dark}body{font:1.1em/1.5 system-ui,sans-serif;margin:15vh auto;max-width:34em;padding:0 1.5em}" +
	"h1{font-size:1.5em;font-weight:600}small{opacity:.6;font-family:ui-monospace,monospace}"

// sentence tells a visitor what happened and what to do about it.
func sentence(status int) string {
	switch status {
	case http.StatusBadRequest:
		return "Your browser sent a request that this server could not understand."
	case http.StatusForbidden:
		return "You are not allowed to see this."
	case http.StatusNotFound:
		return "There is nothing at this address. Please check it for typing errors."
	case http.StatusMethodNotAllowed:
		return "This address does not take that kind of request."
	case http.StatusRequestTimeout:
		return "The request took too long to arrive. Please try again."
	case http.StatusRequestEntityTooLarge:
		return "What you sent is larger than this server accepts."
	case http.StatusRequestURITooLong, http.StatusRequestHeaderFieldsTooLarge:
		return "The address or the header of the request is too long. Deleting the cookies of this site may help."
	case http.StatusRequestedRangeNotSatisfiable:
		return "The part of the file that was asked for does not exist."
	case http.StatusTooManyRequests:
		return "You are sending requests too fast. Please wait a moment."
	case http.StatusNotImplemented, http.StatusHTTPVersionNotSupported:
		return "This server does not speak that form of HTTP."
	case http.StatusBadGateway:
		return "The application could not answer. Please try again in a moment."
	case http.StatusServiceUnavailable:
		return "The service is busy at the moment. Please try again in a little while."
	case http.StatusGatewayTimeout:
		return "The application took too long to answer. Please try again in a moment."
	}
	if status >= 500 {
		return "Something went wrong on our side. Please try again in a moment."
	}
	return "The request could not be served."
}

// AppendRawAnswer appends a whole HTTP/1.1 response for a request that was not
// understood, so that nothing is known about what the client would like.
func AppendRawAnswer(dst []byte, status int, reason, id string, now time.Time) []byte {
	page := appendPage(nil, textPage, status, reason, id)
	dst = append(dst, "HTTP/1.1 "...)
	dst = strconv.AppendInt(dst, int64(status), 10)
	dst = append(dst, ' ')
	dst = append(dst, http.StatusText(status)...)
	dst = append(dst, "\r\nDate: "...)
	dst = now.UTC().AppendFormat(dst, http.TimeFormat)
	dst = append(dst, "\r\nContent-Type: text/plain; charset=utf-8\r\nCache-Control: no-store\r\nConnection: close\r\nContent-Length: "...)
	dst = strconv.AppendInt(dst, int64(len(page)), 10)
	dst = append(dst, "\r\n\r\n"...)
	return append(dst, page...)
}
