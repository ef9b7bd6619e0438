package config

// logSchema is the log block: appserve's own log, and the first access log.
func logSchema() *schema {
	return &schema{
		name: "log", phrase: "the log block", single: true, implied: true,
		doc: "What appserve says about itself, and how requests are logged unless a site or location says otherwise.",
		rows: []row{
			{name: "level", kind: oneOf([]string{"trace", "debug", "info", "warn", "error"}, nil), def: `"info"`,
				doc: "The least important lines that are written."},
			{name: "format", kind: oneOf([]string{"text", "json"}, nil), def: `"text"`,
				doc: "`json` writes one object per line, the access log too unless it has a format of its own."},
			{name: "output", kind: logOutput(), def: `"stderr"`, doc: "Where to. A file is opened again on USR1."},
		},
		blocks: []*schema{accessLogSchema(true)},
	}
}

// accessLogSchema is the access_log block of log, site and location.
func accessLogSchema(implied bool) *schema {
	s := &schema{
		name: "access_log", phrase: "an access_log block", single: true, implied: implied,
		doc: "Replaces rows of the access log of the block around it, for this site or location.",
		rows: []row{
			{name: "enabled", kind: boolean(), doc: "`false` logs no requests."},
			{name: "output", kind: logOutput(), doc: "Where to. A file is opened again on USR1."},
			{name: "format", kind: accessLogFormat(),
				doc: "`combined` (Apache's and nginx's), `json`, `dev`, or a text with request variables."},
		},
	}
	if implied {
		s.doc = "One line per request."
		s.rows[0].def, s.rows[1].def = "true", `"stdout"`
		s.rows[2].def, s.rows[2].computed = "combined, or json when log.format is json", defaultAccessLogFormat
		return s
	}
	for i := range s.rows {
		s.rows[i].def, s.rows[i].computed = "as in the block around it", inheritFrom(s.rows[i].name)
	}
	return s
}

func defaultAccessLogFormat(_ *completion, b *block) any {
	if b.parent.text("format") == "json" {
		return lineFormat{name: "json"}
	}
	return lineFormat{name: "combined"}
}

// inheritFrom takes a row from the next access log further out.
func inheritFrom(name string) computeFunc {
	return func(c *completion, b *block) any {
		outer := outerAccessLog(c.root, b.parent)
		c.fillComputed(outer) // it may stand further down in the file
		return outer.settings[name].value
	}
}

// outerAccessLog is the access log that holds for a block when it has none of its own.
func outerAccessLog(root, b *block) *block {
	for at := b.parent; at != nil; at = at.parent {
		if found := at.one("access_log"); found != nil {
			return found
		}
	}
	return root.one("log").one("access_log")
}

// accessLogOf is the access log that holds in a block.
func accessLogOf(root, b *block) *block {
	if own := b.one("access_log"); own != nil {
		return own
	}
	return outerAccessLog(root, b)
}

// lineFormat is a named access log format, or a template.
type lineFormat struct {
	name string // empty: the template
	line Template
}

// accessLogFormat is "combined", "json", "dev" or a template.
func accessLogFormat() kind {
	names := []string{"combined", "json", "dev"}
	return ofString(`"combined", "json", "dev" or template`, `"combined"`, `"combnied"`, func(c *cell, s string) (any, *fault) {
		for _, name := range names {
			if s == name {
				return lineFormat{name: name}, nil
			}
		}
		if isName(s) {
			if near := suggest(s, append(names, "common")); near != "" && near != "common" {
				return nil, c.fault("This access log format is not known", "Did you mean %s? %s", quote(near), c.write(quote(near)))
			}
			return nil, c.fault("This access log format is not known", "Write one of %s, or a text with request variables such as \"$remote_addr $request $status\".", orList(names))
		}
		if letter := percentLetter(s); letter != "" {
			return nil, c.foreignTemplate("%"+letter, letter)
		}
		t, f := c.parseTemplate(s, nil)
		if f != nil {
			return nil, f
		}
		return lineFormat{line: t.(Template)}, nil
	}, func(v any) string {
		if f := v.(lineFormat); f.name != "" {
			return quote(f.name)
		}
		return quote(v.(lineFormat).line.Text)
	})
}

// percentLetter finds %h, %>s and the like of Apache.
func percentLetter(s string) string {
	for i := 0; i+1 < len(s); i++ {
		if s[i] != '%' {
			continue
		}
		next := s[i+1]
		if next == '>' && i+2 < len(s) {
			next = s[i+2]
		}
		if next >= 'a' && next <= 'z' {
			return string(next)
		}
	}
	return ""
}

func (f *freezing) log(b *block) Log {
	return Log{
		Block:     f.block(b),
		Level:     b.text("level"),
		Format:    b.text("format"),
		Output:    b.text("output"),
		AccessLog: f.accessLog(b.one("access_log")),
	}
}

func (f *freezing) accessLog(b *block) AccessLog {
	format := value[lineFormat](b, "format")
	return AccessLog{Enabled: b.flag("enabled"), Output: b.text("output"), Format: format.name, Line: format.line}
}
