package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/netip"
	"strings"

	"github.com/appserve/appserve/config"
)

// explainFrom is who asks when nobody says it: an address for documentation
// (RFC 5737), so that rules about addresses see a stranger.
const explainFrom = "192.0.2.1"

const explainUsage = `write: appserve explain METHOD URL [-H 'Name: value']... [-from ADDRESS] [-listener NAME] [-json]`

// question is what explain is asked.
type question struct {
	method   string
	url      string
	headers  stringList
	from     string // an address, or "unix"
	listener string // empty: the one that fits the URL
	json     bool
}

// runExplain is appserve explain: what would happen to a request.
func (c *command) runExplain(args []string) int {
	var q question
	flags := flag.NewFlagSet("explain", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Var(&c.paths, "c", "")
	flags.Var(&c.variables, "var", "")
	flags.Var(&c.varFiles, "var-file", "")
	flags.Var(&q.headers, "H", "")
	flags.StringVar(&q.from, "from", explainFrom, "")
	flags.StringVar(&q.listener, "listener", "", "")
	flags.BoolVar(&q.json, "json", false, "")
	words, err := parseMixed(flags, args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(c.stdout, usageText)
		return exitStopped
	case err != nil:
		return c.usageError("explain: %v", err)
	case len(words) != 2:
		return c.usageError("explain: %s", explainUsage)
	}
	q.method, q.url = words[0], words[1]
	if _, err := netip.ParseAddr(q.from); err != nil && q.from != "unix" {
		return c.usageError("explain: -from %s: write an IP address, or unix", q.from)
	}
	a, err := parseQuestion(q)
	if err != nil {
		return c.usageError("explain: %v", err)
	}
	options, err := c.configOptions()
	if err != nil {
		return c.usageError("%v", err)
	}
	loaded := config.Load(options)
	if loaded.HasErrors() {
		loaded.WriteText(c.stderr, c.textStyle(c.stderr))
		return exitConfiguration
	}
	return c.explain(loaded.Config(), a, q.json)
}

// parseMixed parses flags that may stand before, between and behind words.
func parseMixed(flags *flag.FlagSet, args []string) (words []string, err error) {
	for {
		if err := flags.Parse(args); err != nil || flags.NArg() == 0 {
			return words, err
		}
		words = append(words, flags.Arg(0))
		args = flags.Args()[1:]
	}
}

func (c *command) explain(configuration *config.Config, a asked, asJSON bool) int {
	e, err := newExplanation(configuration, a)
	if err != nil {
		fmt.Fprintf(c.stderr, "appserve: explain: %v\n", err)
		return exitConfiguration
	}
	report := e.report()
	if asJSON {
		encoder := json.NewEncoder(c.stdout)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		err = encoder.Encode(report)
	} else {
		_, err = io.WriteString(c.stdout, report.text())
	}
	if err != nil {
		fmt.Fprintf(c.stderr, "appserve: explain: writing: %v\n", err)
		return exitFault
	}
	return exitStopped
}

// asked is a question that was understood.
type asked struct {
	method, scheme, authority, target string
	port                              string // that the client connects to; empty: any
	headers                           []string
	from                              string // empty: a unix socket
	listener                          string
}

// parseQuestion cuts the URL without decoding it: what is explained is the
// request as it would come in.
func parseQuestion(q question) (asked, error) {
	a := asked{method: q.method, headers: q.headers, from: q.from, listener: q.listener, scheme: "http", port: "80"}
	if q.from == "unix" {
		a.from = ""
	}
	rest, _, _ := strings.Cut(q.url, "#")
	switch scheme, after, found := strings.Cut(rest, "://"); {
	case strings.HasPrefix(rest, "/"):
		a.authority, a.target, a.port = "localhost", rest, "" // any port
	case !found:
		return a, fmt.Errorf("%q is not a URL; write http://%s", q.url, q.url)
	case !strings.EqualFold(scheme, "http") && !strings.EqualFold(scheme, "https"):
		return a, fmt.Errorf("the scheme %q is not served; write http:// or https://", scheme)
	default:
		a.scheme = strings.ToLower(scheme)
		a.authority, a.target = after, "/"
		if i := strings.IndexAny(after, "/?"); i >= 0 {
			a.authority, a.target = after[:i], after[i:]
		}
		if strings.HasPrefix(a.target, "?") {
			a.target = "/" + a.target
		}
	}
	if a.scheme == "https" {
		a.port = "443"
	}
	if colon := strings.LastIndexByte(a.authority, ':'); colon > strings.LastIndexByte(a.authority, ']') {
		a.port = a.authority[colon+1:]
	}
	if strings.ContainsAny(a.method+a.target+a.authority, " \t\r\n") {
		return a, fmt.Errorf("a request line holds no spaces; a space in a path is written %%20")
	}
	for _, header := range a.headers {
		if !strings.Contains(header, ":") || strings.ContainsAny(header, "\r\n") {
			return a, fmt.Errorf("-H %q is not a header; write -H 'Name: value'", header)
		}
	}
	return a, nil
}
