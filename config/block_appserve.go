package config

import (
	"strings"
	"time"
)

// appserveSchema is the appserve block: what concerns the process as a whole.
func appserveSchema() *schema {
	return &schema{
		name: "appserve", phrase: "the appserve block", single: true, implied: true,
		doc: "What concerns the whole process. All of it is optional.",
		rows: []row{
			{name: "required_version", kind: versionConstraint(),
				doc: "Versions of appserve that this configuration is for; checked before anything else."},
			{name: "user", kind: account(), example: `"www-data"`,
				doc: "User that the workers of pools run as, unless the pool says otherwise."},
			{name: "group", kind: account(), example: `"www-data"`, doc: "Their group; the user's own when not set."},
			{name: "supplementary_groups", kind: listOf(account()), example: `["media"]`,
				doc: "Further groups of theirs, besides those the user has."},
			{name: "allow_root", kind: boolean(), def: "false", doc: "Lets Python run as root, which is refused otherwise."},
			{name: "pid_file", kind: filePath(), example: `"/run/appserve/appserve.pid"`,
				doc: "Written when the first generation serves, removed at exit."},
			{name: "shutdown_timeout", kind: duration(), def: `"30s"`, max: 24 * time.Hour,
				doc: "The only bound on a stop: what still runs then is cut."},
			{name: "spool_directory", kind: filePath(), def: `"/var/tmp/appserve"`,
				doc: "Where request bodies go that do not fit into memory; the files have no name."},
			{name: "spool_max_size", kind: size(), def: `"1GiB"`,
				doc: "What the spool may take in all. When it is full a request gets 503, never a cut body."},
			{name: "boot_parallel", kind: integer(), def: "half of cpus(), at least 1", computed: defaultBootParallel, min: 1, max: 1024, example: "2",
				doc: "How many workers boot at once, all pools together."},
			{name: "ignore_warnings", kind: listOf(warningCode()), def: "[]",
				doc: "Codes of warnings that are not wanted, such as `unused-pool`; the page on warnings lists them."},
		},
		sample: ``,
	}
}

func defaultBootParallel(c *completion, _ *block) any { return max(1, c.cpus/2) }

func (f *freezing) server(b *block) Server {
	return Server{
		Block:           f.block(b),
		Identity:        identity(b),
		AllowRoot:       b.flag("allow_root"),
		PIDFile:         b.text("pid_file"),
		ShutdownTimeout: b.duration("shutdown_timeout"),
		SpoolDirectory:  b.text("spool_directory"),
		SpoolMaxSize:    b.size("spool_max_size"),
		BootParallel:    b.integer("boot_parallel"),
		IgnoreWarnings:  b.texts("ignore_warnings"),
	}
}

// identity is what user, group and supplementary_groups say.
func identity(b *block) Identity {
	return Identity{User: b.text("user"), Group: b.text("group"), SupplementaryGroups: b.texts("supplementary_groups")}
}

// account is a user or group, by name or number.
func account() kind {
	return ofString("user or group", `"www-data"`, `"www data"`, func(c *cell, s string) (any, *fault) {
		if s == "" || strings.ContainsFunc(s, func(r rune) bool { return isControl(r) || r == ' ' || r == ':' || r == '/' || r == ',' }) {
			return nil, c.fault("This is no user or group", "%s is neither a name nor a number. %s", quote(s), c.write(`"www-data"`))
		}
		return s, nil
	}, printText).called("users or groups")
}
