package main

import (
	"fmt"
	"slices"
	"strings"
)

// work is one thing that servers are asked to do.
type work struct {
	name  string
	title string
	site  site
	path  string
	// upload is the size of the request body in bytes; 0: a GET without one.
	upload int
	// connections is the most this work is loaded with; 0: what the options say.
	connections int
	// accept is the Accept-Encoding of each request; "": none. A right response
	// then has one of these codings.
	accept string
	// streams are the requests in flight on each connection by HTTP/2; 0: HTTP/1.1.
	streams int
	// idle connections, after one request each, are open beside the load.
	idle int
	// answer is what a right response holds, size how long it is in bytes; 0: it varies.
	answer string
	size   int
}

const (
	kib = 1 << 10
	mib = 1 << 20

	hello = "Hello, world!\n"
)

// works are all works, in the order in which they run and are printed.
func works() []work {
	return []work{
		{name: "hello", title: "WSGI hello", site: plainSite, path: "/", answer: hello, size: len(hello)},
		{name: "10k", title: "WSGI 10 KiB", site: plainSite, path: "/10k", size: 10 * kib},
		{name: "upload", title: "WSGI 1 MiB upload", site: plainSite, path: "/upload", upload: mib, connections: 16, answer: "1048576", size: 7},
		{name: "hello-tls", title: "WSGI hello through TLS", site: tlsSite, path: "/", answer: hello, size: len(hello)},
		{name: "hello-h2", title: "WSGI hello by HTTP/2 and TLS, 4 streams in each connection", site: h2Site, path: "/", streams: 4, connections: 16, answer: hello, size: len(hello)},
		{name: "idle10k", title: "WSGI hello beside 10000 idle connections", site: crowdSite, path: "/", idle: 10_000, answer: hello, size: len(hello)},
		{name: "django", title: "Django admin login page", site: djangoSite, path: "/admin/login/", answer: "csrfmiddlewaretoken"},
		{name: "static1k", title: "static 1 KiB", site: staticSite, path: "/1k.bin", size: kib},
		{name: "static20k", title: "static 20 KiB", site: staticSite, path: "/20k.bin", size: 20 * kib},
		{name: "static1m", title: "static 1 MiB", site: staticSite, path: "/1m.bin", size: mib},
		{name: "static-sidecar", title: "static 20 KiB of text with coded files beside it", site: sidecarSite, path: "/20k.css", accept: "gzip, deflate, br", size: codedSize},
		{name: "constant", title: "a constant answer", site: constantSite, path: "/", answer: hello, size: len(hello)},
	}
}

// chooseWorks finds works by name; none named means all.
func chooseWorks(names []string) ([]work, error) {
	return choose("work", names, works(), func(w work) string { return w.name })
}

// choose keeps the members of all that are named, in the order of all.
func choose[T any](noun string, names []string, all []T, nameOf func(T) string) ([]T, error) {
	if len(names) == 0 {
		return all, nil
	}
	for _, name := range names {
		if !slices.ContainsFunc(all, func(member T) bool { return nameOf(member) == name }) {
			return nil, fmt.Errorf("there is no %s %q; there are: %s", noun, name, join(all, nameOf))
		}
	}
	return slices.DeleteFunc(all, func(member T) bool { return !slices.Contains(names, nameOf(member)) }), nil
}

// join lists the names of all.
func join[T any](all []T, nameOf func(T) string) string {
	var names []string
	for _, member := range all {
		names = append(names, nameOf(member))
	}
	return strings.Join(names, ", ")
}

// loader is the program that loads w.
func (w work) loader() string {
	if w.streams > 0 {
		return "h2load"
	}
	return "wrk"
}

// check says what is wrong with a response to w; nil: it is right. coding is
// its Content-Encoding, protocol the major version of HTTP.
func (w work) check(status, protocol int, coding, body string) error {
	switch {
	case w.streams > 0 && protocol != 2:
		return fmt.Errorf("%s is answered by HTTP/%d instead of HTTP/2", w.path, protocol)
	case w.accept != "" && (coding == "" || !strings.Contains(w.accept, coding)):
		return fmt.Errorf("%s has the coding %q instead of one of %q", w.path, coding, w.accept)
	case status != 200:
		return fmt.Errorf("%s answers %d: %.200q", w.path, status, body)
	case w.size != 0 && len(body) != w.size:
		return fmt.Errorf("%s answers %d bytes instead of %d", w.path, len(body), w.size)
	case !strings.Contains(body, w.answer):
		return fmt.Errorf("%s answers without %q: %.200q", w.path, w.answer, body)
	}
	return nil
}
