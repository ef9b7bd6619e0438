package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/appserve/appserve/config"
)

// lintText loads a configuration in a folder and lints it; it returns what is said.
func lintText(t *testing.T, folder, text string, now time.Time) string {
	t.Helper()
	path := filepath.Join(folder, "a.hcl")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	loaded := config.Load(config.Options{Paths: []string{path}})
	var b strings.Builder
	if loaded.WriteText(&b, config.TextStyle{}); b.Len() > 0 {
		t.Fatalf("does not load:\n%s", b.String())
	}
	lint(loaded, now)
	loaded.WriteText(&b, config.TextStyle{})
	return strings.ReplaceAll(b.String(), folder+"/", "")
}

// inSite is a configuration with one site around some locations.
func inSite(body string) string {
	return "listener \"http\" {\n  address = \":8000\"\n}\nsite \"x\" {\n" + body + "}\n"
}

// writePair writes a certificate and its key.
func writePair(t *testing.T, folder, name string, from, until time.Time, hosts ...string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: hosts[0]}, NotBefore: from, NotAfter: until, DNSNames: hosts}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for suffix, block := range map[string]*pem.Block{".pem": {Type: "CERTIFICATE", Bytes: der}, ".key": {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(filepath.Join(folder, name+suffix), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestLint_Certificates(t *testing.T) {
	folder := t.TempDir()
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	day := 24 * time.Hour
	writePair(t, folder, "good", now.Add(-day), now.Add(90*day), "www.example.com", "*.shop.example.com")
	writePair(t, folder, "short", now.Add(-day), now.Add(3*day+time.Hour), "www.example.com")
	writePair(t, folder, "old", now.Add(-9*day), now.Add(-day), "www.example.com")
	writePair(t, folder, "early", now.Add(day), now.Add(9*day), "www.example.com")
	for _, c := range []struct {
		name, certificate, key, hosts string
		want                          string // a pattern; empty: nothing is said
	}{
		{"good", "good.pem", "good.key", `"www.example.com", "a.shop.example.com", "*.shop.example.com"`, ""},
		{"every host", "good.pem", "good.key", `"*"`, ""},
		{"another host", "good.pem", "good.key", `"www.example.com", "example.org"`, `Warning: No certificate of listener "https" is good for example.org \[certificate-names\]\n\n  on a.hcl line 10`},
		{"runs out", "short.pem", "short.key", `"*"`, `runs out in 3 days \[certificate-expiry\]\n\n  on a.hcl line 4[^|]*It is good until 27 November 2026 13:00 UTC`},
		{"has run out", "old.pem", "old.key", `"*"`, `has run out \[certificate-expiry\]`},
		{"not yet good", "early.pem", "early.key", `"*"`, `is not good yet \[certificate-expiry\]`},
		{"key of another", "good.pem", "short.key", `"*"`, `Error: This key cannot be used\n\n  on a.hcl line 5[^|]*short.key: this key does not belong`},
		{"no file", "none.pem", "good.key", `"*"`, `Error: This certificate cannot be used\n\n  on a.hcl line 4[^|]*none.pem`},
		{"no certificate", "good.key", "good.key", `"*"`, `Error: This certificate cannot be used`},
		{"no authorities", "good.pem", "good.key\"\n    client_auth = \"required\"\n    client_ca = \"good.key", `"*"`, `Error: These authorities cannot be used\n\n  on a.hcl line 7`},
	} {
		t.Run(c.name, func(t *testing.T) {
			said := lintText(t, folder, "listener \"https\" {\n  address = \":8443\"\n  tls {\n    certificate = \""+c.certificate+"\"\n    key = \""+c.key+"\"\n  }\n}\nsite \"x\" {\n"+
				"  # hosts\n  hosts = ["+c.hosts+"]\n  location \"/\" {\n    respond {}\n  }\n}\n", now)
			if c.want == "" && said != "" || !regexp.MustCompile(c.want).MatchString(said) {
				t.Errorf("want %q, got\n%s", c.want, said)
			}
		})
	}
}

func TestLint_ExposedFiles(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{"site/app.py": "x", "site/css/a.css": "x", "site/css/.env": "x"} {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	block := func(rules, rows string) string {
		return inSite("  location \"/\" {\n" + rules + "    static {\n      directory = \"site\"\n" + rows + "    }\n  }\n")
	}
	if said := lintText(t, folder, block("", ""), time.Now()); !strings.Contains(said, "shows Python source to everybody [exposed-file]") || strings.Contains(said, ".env") {
		t.Errorf("%s", said)
	}
	if said := lintText(t, folder, block("", "      dotfiles = true\n"), time.Now()); !strings.Contains(said, "site/css/.env would be sent") {
		t.Errorf("%s", said)
	}
	for _, fine := range []string{
		block("", "      files \"**/*.py\" {\n        deny = true\n      }\n"),
		block("    allow = [\"10.0.0.0/8\"]\n", ""),
	} {
		if said := lintText(t, folder, fine, time.Now()); said != "" {
			t.Errorf("nothing is exposed by\n%s\n%s", fine, said)
		}
	}
}

func TestLint_Routes(t *testing.T) {
	answer := func(label, rows string) string {
		return "  location " + label + " {\n" + rows + "    respond {}\n  }\n"
	}
	redirect := func(label, to string) string {
		return "  location " + label + " {\n    redirect {\n      to = \"" + to + "\"\n    }\n  }\n"
	}
	const auth = "    basic_auth {\n      users = { bob = \"$6$abc$IdWKNKTJEb8LxY7CGg8YBXlvtfZzFw7Mp/r6niK9YB2mdvgY..TKjv1T..8RadRt2qvUHYRLr/TsVArtr91iR1\" }\n    }\n"
	regex := "    match = \"regex\"\n    priority = 1\n"
	for _, c := range []struct{ name, body, want string }{
		{"plain", answer(`"/"`, "") + answer(`"/a"`, "") + answer(`"/a/b"`, "    match = \"exact\"\n"), ""},
		{"regex takes all of a prefix", answer(`"^/blog"`, regex) + answer(`"/blog/x"`, ""), `No request reaches location "/blog/x" \[shadowed-location\]\n\n  on a.hcl line 10`},
		{"regex takes an exact one", answer(`"^/a[b-d]$"`, regex) + answer(`"/ac"`, "    match = \"exact\"\n"), `"/ac" goes to location "\^/a\[b-d\]\$"`},
		{"regex leaves some", answer(`"^/blog/[0-9]+$"`, regex) + answer(`"/blog"`, ""), ""},
		{"glob takes all of a prefix", answer(`"/blog**"`, "    match = \"glob\"\n") + answer(`"/blog"`, ""), `shadowed-location`},
		{"glob leaves the folder", answer(`"/blog/**"`, "    match = \"glob\"\n") + answer(`"/blog"`, ""), ""},
		{"regex after one for everything", answer(`"."`, regex) + answer(`"^/a$"`, "    match = \"regex\"\n    priority = 2\n"), `No request reaches location "\^/a\$"`},
		{"regex over a password", answer(`"\\.js$"`, regex) + answer(`"/admin"`, auth), `This regex lets requests past the rules of location "/admin" \[pattern-over-access-rule\][^|]*without the basic_auth of that location \(a.hcl:10\)`},
		{"anchored regex over a password", answer(`"^/[a-z]+/x[.]js$"`, regex) + answer(`"/admin"`, auth), `"/admin/x.js" goes here`},
		{"regex with the password", answer(`"\\.js$"`, regex+auth) + answer(`"/admin"`, auth), ""},
		{"regex beside it", answer(`"^/public/.*[.]js$"`, regex) + answer(`"/admin"`, auth), ""},
		{"glob over an address", answer(`"/**/x"`, "    match = \"glob\"\n") + answer(`"/admin"`, "    match = \"exact\"\n    allow = [\"10.0.0.0/8\"]\n"), ""},
		{"glob over addresses", answer(`"/admin/**/x"`, "    match = \"glob\"\n") + answer(`"/admin"`, "    allow = [\"10.0.0.0/8\"]\n    deny = [\"10.1.1.1\"]\n"), `"/admin/x" goes here, without the allow and deny`},
		{"regex that turns away", "  location \"/[.]git\" {\n" + regex + "    respond {\n      status = 404\n    }\n  }\n" + answer(`"/admin"`, auth), ""},
		{"redirect elsewhere", redirect(`"/a"`, "/b$rest") + answer(`"/"`, ""), ""},
		{"redirect beneath itself", redirect(`"/a"`, "/a/b"), `This redirect leads back to itself \[redirect-loop\]\n\n  on a.hcl line 7[^|]*/a is sent to http://www/a/b`},
		{"redirect that grows", redirect(`"/a"`, "/a/b$rest"), `redirect-loop`},
		{"redirects to each other", redirect(`"/a"`, "/b") + redirect(`"/b"`, "/a"), `2 warnings`},
		{"redirect to another host", redirect(`"/"`, "https://www.example.org$request_uri"), ``},
		{"redirect to itself by name", "  hosts = [\"www.example.com\"]\n" + redirect(`"/"`, "http://www.example.com$request_uri"), `redirect-loop`},
		{"redirect to https", "  hosts = [\"www.example.com\"]\n" + redirect(`"/"`, "https://$host$request_uri"), ``},
		{"redirect to what a request says", redirect(`"/a"`, "/a$arg_next"), ``},
		{"redirect by a group", redirect(`"^/a/(?P<tail>.*)$"`, "/a/$match_tail"), `redirect-loop`},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := c.body
			if strings.Contains(c.name, "by a group") {
				body = strings.Replace(body, "    redirect", regex+"    redirect", 1)
			}
			said := lintText(t, t.TempDir(), inSite(body), time.Now())
			if c.want == "" && said != "" || !regexp.MustCompile(c.want).MatchString(said) {
				t.Errorf("want %q, got\n%s", c.want, said)
			}
		})
	}
}

func TestWitness(t *testing.T) {
	for _, c := range []struct {
		expression, head string
		want             bool
	}{
		{`\.php$`, "/admin/", true}, {`^/a/b$`, "/a/", true}, {`^/a/b$`, "/b/", false}, {`^/a`, "/a/b/", true}, {`^/a$`, "/a/", false},
		{`^/(?:x|admin)/[^/]+/z$`, "/admin/", true}, {`(?i)^/ADMIN/`, "/admin/", true}, {`a{3}b`, "/", true}, {`^$`, "/", false}, {`[^\x00-\x{10FFFF}]`, "/", false},
		{`^/[a-z]{2}/\d+`, "/", true}, {`^/a.*$`, "/a/b", true},
	} {
		path, ok := witness(c.expression, c.head, "")
		if ok != c.want {
			t.Errorf("%s beneath %s: %q, %v", c.expression, c.head, path, ok)
		}
		if ok && (!strings.HasPrefix(path, c.head) || !regexp.MustCompile("(?s)"+c.expression).MatchString(path)) {
			t.Errorf("%s beneath %s: %q is no witness", c.expression, c.head, path)
		}
	}
}
