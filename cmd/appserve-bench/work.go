package main

import (
	"fmt"
	"slices"
	"strings"
)

// site is what a server is set up to serve. Each server runs once per site.
type site string

const (
	plainSite  site = "bench_plain"  // a Python module, with application in it
	djangoSite site = "bench_django" // as plainSite
	staticSite site = "static"       // a folder of files
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
	// answer is what a right response holds, size how long it is in bytes; 0: it varies.
	answer string
	size   int
}

const (
	kib = 1 << 10
	mib = 1 << 20
)

// works are all works, in the order in which they run and are printed.
func works() []work {
	return []work{
		{name: "hello", title: "WSGI hello", site: plainSite, path: "/", answer: "Hello, world!\n", size: 14},
		{name: "10k", title: "WSGI 10 KiB", site: plainSite, path: "/10k", size: 10 * kib},
		{name: "upload", title: "WSGI 1 MiB upload", site: plainSite, path: "/upload", upload: mib, connections: 16, answer: "1048576", size: 7},
		{name: "django", title: "Django admin login page", site: djangoSite, path: "/admin/login/", answer: "csrfmiddlewaretoken"},
		{name: "static1k", title: "static 1 KiB", site: staticSite, path: "/1k.bin", size: kib},
		{name: "static20k", title: "static 20 KiB", site: staticSite, path: "/20k.bin", size: 20 * kib},
		{name: "static1m", title: "static 1 MiB", site: staticSite, path: "/1m.bin", size: mib},
	}
}

// staticFiles are the files of staticSite, with their sizes in bytes.
func staticFiles() map[string]int {
	return map[string]int{"1k.bin": kib, "20k.bin": 20 * kib, "1m.bin": mib}
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

// check says what is wrong with a response to w; nil: it is right.
func (w work) check(status int, body string) error {
	switch {
	case status != 200:
		return fmt.Errorf("%s answers %d: %.200q", w.path, status, body)
	case w.size != 0 && len(body) != w.size:
		return fmt.Errorf("%s answers %d bytes instead of %d", w.path, len(body), w.size)
	case !strings.Contains(body, w.answer):
		return fmt.Errorf("%s answers without %q: %.200q", w.path, w.answer, body)
	}
	return nil
}
