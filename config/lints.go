package config

// Lint is a kind of warning. Its code stands behind each of its messages, and
// ignore_warnings in the appserve block switches it off by that code.
type Lint struct {
	Code string // "unused-pool"
	Doc  string // when it is said, a sentence
	Why  string // why it matters and what to do, a sentence or two
}

// Lints are all kinds of warnings, sorted by their codes.
func Lints() []Lint {
	return []Lint{
		{"body-over-spool", "A `max_body_size` is larger than `spool_max_size`.", "Such a body would get 503 after all of it was sent. Raise the one or lower the other."},
		{"certificate-expiry", "A certificate has run out, is not yet good, or runs out within 14 days.", "Browsers refuse it from then on. Renew it; appserve reads the files again when they change."},
		{"certificate-names", "A site on a TLS listener has a host that no certificate of the listener is good for.", "Its clients are refused in the handshake. Add a pair for it, or a certificate with that name."},
		{"contradicting-timeouts", "Two timeouts work against each other.", "The longer one never counts. The message names both."},
		{"covered-path", "A path in `also` lies beneath the location's own.", "It says nothing new. Leave it out."},
		{"deprecated", "A row is about to be removed.", "The message says what to write instead, and which version will refuse it."},
		{"duplicate-server", "Two servers of an upstream have the same address.", "A larger share is said by `weight`."},
		{"empty-site", "A site has no location.", "Every request for it gets 404."},
		{"exposed-file", "A static directory holds what is seldom meant for everybody: Python source, `.env`, keys, a database, a repository.", "Move it out of the directory, or refuse it: `files \"**/*.py\" { deny = true }`."},
		{"many-processes", "All pools together start more than four processes per CPU.", "They mostly cost memory. Threads wait more cheaply."},
		{"missing-import-folder", "A folder of `pythonpath` is not there.", "Python passes it over in silence."},
		{"only-backups", "An upstream has only backup servers.", "They are used as if they were none."},
		{"open-redirect", "A redirect leads to `$host` in a site for every host.", "The client says where it goes. Write the hosts of the site, or a fixed name in the redirect."},
		{"pattern-over-access-rule", "A glob or regex takes paths of a location that has access rules, and has them not.", "Requests for those paths are answered without being judged. Repeat the rules there, put them into the site, or narrow the pattern."},
		{"readable-secret", "Everybody on the machine can read a key, a file of passwords, an `env_file`, or a configuration that holds secrets.", "Take the right away from others: `chmod o-r FILE`."},
		{"redirect-loop", "A redirect leads back to itself.", "Browsers give up after some twenty rounds. Change the target, or the location."},
		{"refused-link", "A static directory holds a symbolic link that is not served.", "Its visitors get 404. Allow it with `symlinks`, or replace it by the file."},
		{"shadowed-location", "No request reaches a location: others take all its paths.", "Narrow the other one, or leave this one out."},
		{"short-graceful-timeout", "A pool's `graceful_timeout` is shorter than a request may take.", "A reload may cut requests. Raise it."},
		{"spool-in-memory", "The spool lies on a tmpfs.", "What does not fit into memory would go into memory after all. Choose a folder on a disk."},
		{"spool-not-writable", "The spool cannot be written.", "Bodies that do not fit into memory get 503."},
		{"trusts-everybody", "`trusted_proxies` holds all addresses.", "Every client can say who it is, so addresses in logs, `allow` and `rate_limit` prove nothing. Write the proxies' addresses."},
		{"unused-listener", "A listener is used by no site.", "Every request to it gets 404."},
		{"unused-pool", "A pool is used by no location.", "Its workers wait for nothing. Pass something to it, or disable it."},
		{"unused-upstream", "An upstream is used by no location.", "Pass something to it, or leave it out."},
		{"unused-variable", "A variable is used nowhere.", "Whoever sets it expects something to happen. Leave it out."},
	}
}

// isLint reports whether a code is known.
func isLint(code string) bool {
	for _, lint := range Lints() {
		if lint.Code == code {
			return true
		}
	}
	return false
}

// lintCodes are the codes of all lints.
func lintCodes() []string {
	var codes []string
	for _, lint := range Lints() {
		codes = append(codes, lint.Code)
	}
	return codes
}

// warningCode is the code of a lint, such as "unused-pool".
func warningCode() kind {
	return ofString("code of a warning", `"unused-pool"`, `"unused-pol"`, func(c *cell, s string) (any, *fault) {
		if isLint(s) {
			return s, nil
		}
		if near := suggest(s, lintCodes()); near != "" {
			return nil, c.fault("There is no such warning", "Did you mean %s? %s", quote(near), c.write(quote(near)))
		}
		return nil, c.fault("There is no such warning", "The code stands in brackets behind each warning; docs/lints.md lists them all.")
	}, printText).called("codes of warnings")
}
