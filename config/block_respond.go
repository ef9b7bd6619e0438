package config

// respondSchema is the respond block.
func respondSchema() *schema {
	return &schema{
		name: "respond", phrase: "a respond block", single: true,
		doc: "A fixed answer.",
		rows: []row{
			{name: "status", kind: finalStatus(), def: "200", doc: "The status."},
			{name: "body", kind: anyTemplate(), def: `""`, doc: "The body, with request variables."},
			{name: "content_type", kind: mediaType(), def: `"text/plain; charset=utf-8"`, doc: "Its media type."},
		},
		sample: `body = "hello"`,
		check:  checkRespond,
	}
}

// checkRespond refuses a body that could never be sent.
func checkRespond(c *checking, b *block) {
	if status := b.integer("status"); status == 204 || status == 205 || status == 304 {
		if s := b.written("body"); s != nil && b.template("body").Text != "" {
			c.errorAt(s.nameAt, "An answer with this status has no body", "Leave the body out, or choose another status.")
		}
	}
}

func (f *freezing) respond(b *block) *Respond {
	return &Respond{Block: f.block(b), Status: b.integer("status"), Body: b.template("body"), ContentType: b.text("content_type")}
}
