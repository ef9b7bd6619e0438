package config

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// secretCases are the things that can be wrong with secrets, and with files of rules.
func secretCases() []worldCase {
	return []worldCase{
		{"no users file", []string{"site \"x\" {", "site \"x\" {\nbasic_auth {\nusers_file = \"none\"\n}"}, nil, finding{21, "ERROR", "This file cannot be read"}, "none"},
		{"users file is a folder", []string{"site \"x\" {", "site \"x\" {\nbasic_auth {\nusers_file = \"static\"\n}"}, nil, finding{21, "ERROR", "This file is a folder"}, "static"},
		{"users file for everybody", []string{"site \"x\" {", "site \"x\" {\nbasic_auth {\nusers_file = \"users\"\n}"}, withUsers("# staff\n\nbob:$6$abc$IdWKNKTJEb8LxY7CGg8YBXlvtfZzFw7Mp/r6niK9YB2mdvgY..TKjv1T..8RadRt2qvUHYRLr/TsVArtr91iR1:Bob\n", 0o644),
			finding{21, "WARNING", "Everybody can read this file"}, "chmod o-r"},
		{"users file with a password", []string{"site \"x\" {", "site \"x\" {\nbasic_auth {\nusers_file = \"users\"\n}"}, withUsers("bob:secret\n", 0o600),
			finding{21, "ERROR", "This users file has a line without a hash"}, "line 1: what is written for \"bob\" is not a hash"},
		{"users file with half a line", []string{"site \"x\" {", "site \"x\" {\nbasic_auth {\nusers_file = \"users\"\n}"}, withUsers("bob:$6$abc$IdWKNKTJEb8LxY7CGg8YBXlvtfZzFw7Mp/r6niK9YB2mdvgY..TKjv1T..8RadRt2qvUHYRLr/TsVArtr91iR1\nalice\n", 0o600),
			finding{21, "ERROR", "This users file has a line without a hash"}, "line 2 is not of the form"},
		{"users file with nobody", []string{"site \"x\" {", "site \"x\" {\nbasic_auth {\nusers_file = \"users\"\n}"}, withUsers("# nobody yet\n", 0o600),
			finding{21, "ERROR", "This users file is empty"}, "htpasswd -B"},
		{"no error page", []string{"site \"x\" {", "site \"x\" {\nerror_page \"404\" {\nfile = \"none.html\"\n}"}, nil, finding{21, "ERROR", "This file cannot be read"}, "none.html"},
		{"large error page", []string{"site \"x\" {", "site \"x\" {\nerror_page \"404\" {\nfile = \"large.html\"\n}"}, func(t *testing.T, folder string, _ *World) {
			if err := os.WriteFile(filepath.Join(folder, "large.html"), make([]byte, 1<<20+1), 0o600); err != nil {
				t.Fatal(err)
			}
		}, finding{21, "ERROR", "This page is too large"}, "1MiB"},
		{"key for everybody", []string{"group   = \"www-data\"", "tls {\ncertificate = \"robots.txt\"\nkey = \"robots.txt\"\n}"}, func(t *testing.T, folder string, _ *World) { chmod(t, filepath.Join(folder, "robots.txt"), 0o644) },
			finding{13, "WARNING", "Everybody can read this key"}, "chmod o-r"},
		{"configuration for everybody", []string{"pythonpath", "env = { DEBUG = \"1\", DJANGO_SECRET_KEY = \"abc\" }\npythonpath"}, func(t *testing.T, folder string, _ *World) {
			chmod(t, filepath.Join(folder, "a.hcl"), 0o644)
		}, finding{15, "WARNING", "Everybody can read this configuration"}, "the value of DJANGO_SECRET_KEY"},
		{"hashes for everybody", []string{"site \"x\" {", "site \"x\" {\nbasic_auth {\nusers = { bob = \"$6$abc$IdWKNKTJEb8LxY7CGg8YBXlvtfZzFw7Mp/r6niK9YB2mdvgY..TKjv1T..8RadRt2qvUHYRLr/TsVArtr91iR1\" }\n}"}, func(t *testing.T, folder string, _ *World) {
			chmod(t, filepath.Join(folder, "a.hcl"), 0o644)
		}, finding{21, "WARNING", "Everybody can read this configuration"}, "hashes of passwords"},
	}
}

// withUsers writes a file of users.
func withUsers(text string, mode fs.FileMode) func(*testing.T, string, *World) {
	return func(t *testing.T, folder string, _ *World) {
		name := filepath.Join(folder, "users")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		chmod(t, name, mode)
	}
}

// TestCheckWorld_SecretsFromElsewhere: a file that everybody can read and that
// draws its secrets from elsewhere is fine.
func TestCheckWorld_SecretsFromElsewhere(t *testing.T) {
	folder := worldConfig(t, "pythonpath", "env = { DJANGO_SECRET_KEY = var.key, TOKEN_FILE = \"/run/token\" }\npythonpath", "\nlog {", "\nvariable \"key\" {\ndefault = file(\"app.env\")\nsensitive = true\n}\nlog {")
	chmod(t, filepath.Join(folder, "a.hcl"), 0o644)
	if text := textOf(inspect(t, folder, quietWorld())); text != "" {
		t.Errorf("nothing is wrong, but it says\n%s", text)
	}
}
