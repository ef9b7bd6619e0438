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
		laterRow("max_duration", stageWorkers, "The most time a request may take in all."),
		laterRow("idle_timeout", stageASGI, "How long an upgraded connection may be silent."),
		laterRow("buffer_request", stageWorkers, "Whether the whole request body is read first."),
		laterRow("buffer_response", stageWorkers, "Whether a response is taken faster than the client reads it."),
		laterRow("methods", stageFront, "Methods that are allowed."),
		laterRow("allow", stageFront, "Client addresses that are let in."),
		laterRow("deny", stageFront, "Client addresses that are kept out."),
		laterRow("satisfy", stageFront, "Whether address and password must both fit."),
		laterRow("internal", stageWorkers, "Not reachable from outside, only by X-Accel-Redirect."),
		laterRow("rewrite", stageTopology, "The path that is sent on."),
		laterRow("client_certificate", stageFront, "Whether a client certificate is required."),
	}
}

// ruleBlocks are the blocks that go with ruleRows.
func ruleBlocks() []*schema {
	return []*schema{
		accessLogSchema(false),
		laterBlock("request_headers", "", stageFront, "Headers set or removed on the way to the application."),
		laterBlock("response_headers", "", stageFront, "Headers set or removed on the way to the client."),
		laterBlock("compress", "", stageFront, "Compression on the fly."),
		laterBlock("error_page", "STATUS", stageFront, "Pages of your own for error answers."),
		laterBlock("basic_auth", "", stageFront, "Passwords."),
		laterBlock("forward_auth", "", stageTopology, "Asking another service whether a request may pass."),
		laterBlock("rate_limit", "", stageFront, "Limits on the rate of requests."),
		laterBlock("cors", "", stageFront, "Answers to cross-origin requests."),
		laterBlock("cache", "", stageLater, "Keeping responses."),
	}
}

// maxRequestTimeout keeps sums of durations far from overflow.
const maxRequestTimeout = 30 * 24 * time.Hour

func (f *freezing) rules(b *block) LocationRules {
	return LocationRules{
		StripPrefix:    b.flag("strip_prefix"),
		ScriptName:     pointer[string](b, "script_name"),
		MaxBodySize:    b.size("max_body_size"),
		RequestTimeout: pointer[time.Duration](b, "request_timeout"),
		AccessLog:      f.accessLog(accessLogOf(f.root, b)),
	}
}
