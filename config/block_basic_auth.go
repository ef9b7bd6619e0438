package config

import "strings"

// basicAuthSchema is the basic_auth block.
func basicAuthSchema() *schema {
	return &schema{
		name: "basic_auth", phrase: "a basic_auth block", single: true, rule: true,
		doc: "Asks for a name and a password (HTTP Basic). The application gets the name as `REMOTE_USER`, and no `Authorization` header.",
		rows: []row{
			{name: "realm", kind: realm(), def: `"Restricted"`, doc: "What browsers show when they ask."},
			{name: "users_file", kind: filePath(), example: `"/etc/appserve/users"`,
				doc: "A file of `name:hash` lines, as htpasswd writes it; read again when it changes."},
			{name: "users", kind: passwordHashes(), def: "{}", secret: true,
				doc: "Names and hashes, instead of or besides a file: bcrypt, sha512-crypt or apr1. `openssl passwd -6` and `htpasswd -nB NAME` make one. Never shown."},
		},
		sample: `users_file = "/etc/appserve/users"`,
		check:  checkBasicAuth,
	}
}

// realm is text in the quotes of a header.
func realm() kind {
	return ofString("text", `"Staff only"`, `""`, func(c *cell, s string) (any, *fault) {
		switch {
		case strings.TrimSpace(s) == "":
			return nil, c.fault("This realm is empty", "Browsers show it when they ask. %s", c.write(`"Staff only"`))
		case strings.ContainsFunc(s, func(r rune) bool { return isControl(r) || r > 0x7e || r == '"' || r == '\\' }):
			return nil, c.fault("This cannot stand in a header", "A realm holds no quotes, backslashes, line breaks or foreign characters. %s", c.write(`"Staff only"`))
		}
		return s, nil
	}, printText)
}

func checkBasicAuth(c *checking, b *block) {
	file, users := b.written("users_file"), b.written("users")
	if b.refused["users_file"] || b.refused["users"] {
		return
	}
	switch {
	case file == nil && users == nil:
		c.errorAt(b.at, "This basic_auth block knows nobody", `Write: users_file = "/etc/appserve/users", or users = { alice = "$2y$..." }`)
	case file == nil && !users.placeholder && len(b.dictionary("users")) == 0:
		c.errorAt(users.at, "This basic_auth block knows nobody", `Nobody could get in. Write: users = { alice = "$2y$..." }, or users_file = "/etc/appserve/users"`)
	}
}

func (f *freezing) basicAuth(b *block) *BasicAuth {
	return &BasicAuth{Block: f.block(b), Realm: b.text("realm"), UsersFile: b.text("users_file"), Users: b.dictionary("users")}
}
