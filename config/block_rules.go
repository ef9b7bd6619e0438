package config

import "time"

// ruleRows are the rows that may stand in a location, or in its site as the
// default of all its locations.
func ruleRows() []row {
	return []row{
		{name: "strip_prefix", kind: boolean(), def: "false",
			doc: "What the application or upstream gets begins behind the location's path; the path is the mount point (SCRIPT_NAME)."},
		{name: "script_name", kind: mountPath(), example: `"/app"`,
			doc: "The mount point (SCRIPT_NAME), when it is another than strip_prefix gives."},
		{name: "max_body_size", kind: size(), def: `"16MiB"`, zero: true,
			doc: "The largest request body; 413 before it is read."},
		{name: "request_timeout", kind: duration(), zero: true,
			doc: "How long the application may stay silent; the pool's (or the upstream's read_timeout) when not set. 504."},
		{name: "methods", kind: listOf(method()), def: "[]", example: `["GET", "POST"]`,
			doc: "Methods that are allowed; others get 405 with Allow. `GET` brings `HEAD` along. Empty: any."},
		{name: "allow", kind: listOf(clientNetwork()),
			doc: "Clients that are let in: addresses, networks, or `unix`; all others get 403. Judged after `trusted_proxies`; order has no meaning."},
		{name: "deny", kind: listOf(clientNetwork()), doc: "Clients that are kept out, even those that `allow` lets in."},
		{name: "satisfy", kind: oneOf([]string{"all", "any"}, nil), def: `"all"`,
			doc: "Whether address and password must both be right, or `any` of them is enough."},
		{name: "client_certificate", kind: oneOf([]string{"required"}, nil),
			doc: "`required`: clients without a good certificate get 403; for listeners with `client_auth = \"optional\"`."},
		laterRow("max_duration", stageWorkers, "The most time a request may take in all."),
		laterRow("idle_timeout", stageASGI, "How long an upgraded connection may be silent."),
		laterRow("buffer_request", stageWorkers, "Whether the whole request body is read first."),
		laterRow("buffer_response", stageWorkers, "Whether a response is taken faster than the client reads it."),
		laterRow("internal", stageWorkers, "Not reachable from outside, only by X-Accel-Redirect."),
		laterRow("rewrite", stageTopology, "The path that is sent on."),
	}
}

// ruleBlocks are the blocks that go with ruleRows.
func ruleBlocks() []*schema {
	return []*schema{
		accessLogSchema(false),
		requestHeadersSchema(), responseHeadersSchema(true), compressSchema(), errorPageSchema(),
		basicAuthSchema(), rateLimitSchema(), corsSchema(),
		laterBlock("forward_auth", "", stageTopology, "Asking another service whether a request may pass."),
		laterBlock("cache", "", stageLater, "Keeping responses."),
	}
}

// maxRequestTimeout keeps sums of durations far from overflow.
const maxRequestTimeout = 30 * 24 * time.Hour

// rules are the rules of a block. outer are those of the site around a
// location: header blocks add up, anything else is replaced.
func (f *freezing) rules(b *block, outer LocationRules) LocationRules {
	return LocationRules{
		StripPrefix:       b.flag("strip_prefix"),
		ScriptName:        pointer[string](b, "script_name"),
		MaxBodySize:       b.size("max_body_size"),
		RequestTimeout:    pointer[time.Duration](b, "request_timeout"),
		AccessLog:         f.accessLog(accessLogOf(f.root, b)),
		RequestHeaders:    f.headers(b, "request_headers", outer.RequestHeaders),
		ResponseHeaders:   f.headers(b, "response_headers", outer.ResponseHeaders),
		Compress:          inherited(b, "compress", f.compress, outer.Compress),
		ErrorPages:        f.errorPages(b, outer.ErrorPages),
		Methods:           b.texts("methods"),
		Allow:             networks(b, "allow"),
		Deny:              networks(b, "deny"),
		BasicAuth:         inherited(b, "basic_auth", f.basicAuth, outer.BasicAuth),
		Satisfy:           b.text("satisfy"),
		RateLimits:        f.rateLimits(b, outer.RateLimits),
		CORS:              inherited(b, "cors", f.cors, outer.CORS),
		ClientCertificate: b.text("client_certificate"),
	}
}

// inherited is a rule block of a location, nil when it is switched off there,
// and the site's when the location does not say it.
func inherited[T any](b *block, name string, freeze func(*block) *T, outer *T) *T {
	switch own := b.one(name); {
	case own != nil:
		return freeze(own)
	case b.says(name):
		return nil
	}
	return outer
}
