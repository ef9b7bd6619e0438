package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// update rewrites goldens: go test ./cmd/appserve -run TestExplain -update
var update = flag.Bool("update", false, "rewrite the explanations in testdata")

// explainCases are questions about testdata/explain/site.hcl; the file of the
// same name beside it holds the answer.
var explainCases = map[string][]string{
	"pool":               {"GET", "https://www.example.com/a%2Fb//c?x=1", "-H", "Accept-Encoding: gzip", "-H", "Accept-Language: de"},
	"pool_post":          {"-H", "Content-Length: 5", "POST", "https://www.example.com/", "-H", "Cookie: a=b", "-H", "X-Forwarded-For: 1.1.1.1"},
	"https_first":        {"GET", "http://www.example.com/x?y"},
	"canonical_host":     {"GET", "https://shop.example.com/x"},
	"unknown_name":       {"GET", "https://nowhere.org/"},
	"no_site":            {"GET", "http://nowhere.org/", "-listener", "edge"},
	"proxy":              {"GET", "https://www.example.com/", "-listener", "edge", "-from", "10.0.0.7", "-H", "X-Forwarded-For: 203.0.113.9", "-H", "X-Forwarded-Proto: https"},
	"unix":               {"GET", "http://www.example.com/", "-listener", "edge", "-from", "unix"},
	"denied":             {"GET", "https://www.example.com/admin%2fusers"},
	"kept_out":           {"GET", "https://www.example.com/admin", "-from", "10.6.6.6"},
	"password":           {"GET", "https://www.example.com/admin", "-H", "Authorization: Basic Ym9iOnNlY3JldA=="},
	"method":             {"DELETE", "https://www.example.com/admin", "-from", "10.1.1.1"},
	"upstream":           {"GET", "https://www.example.com/api/v1/things?id=3", "-H", "Origin: https://app.example.com"},
	"preflight":          {"OPTIONS", "https://www.example.com/api/v1/things", "-H", "Origin: https://app.example.com", "-H", "Access-Control-Request-Method: POST"},
	"too_large":          {"PUT", "https://www.example.com/api/v1", "-H", "Content-Length: 5000"},
	"static":             {"GET", "https://www.example.com/static/css/site.css"},
	"static_denied":      {"GET", "https://www.example.com/static/a/settings.py"},
	"file":               {"GET", "https://www.example.com/robots.txt"},
	"client_certificate": {"GET", "https://www.example.com/secure"},
	"redirect":           {"GET", "https://www.example.com/user/bob"},
	"bad_path":           {"GET", "https://www.example.com/../etc/passwd"},
	"bad_head":           {"GET", "https://www.example.com/", "-H", "Host : x"},
}

func TestExplain(t *testing.T) {
	folder := t.TempDir()
	text, err := os.ReadFile("testdata/explain/site.hcl")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(folder, os.DirFS("testdata/explain")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "site.hcl"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(filepath.Join(folder, "static/robots.txt"), time.Time{}, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	writePair(t, folder, "site", time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2120, 1, 1, 0, 0, 0, 0, time.UTC), "www.example.com", "*.example.com")
	for name, args := range explainCases {
		t.Run(name, func(t *testing.T) {
			code, stdout, stderr := explained(t, folder, args...)
			if code != 0 || stderr != "" {
				t.Fatalf("exit code %d\n%s", code, stderr)
			}
			got := "appserve explain " + quotedWords(args) + "\n\n" + strings.NewReplacer(folder+"/", "", folder, ".").Replace(stdout)
			golden := filepath.Join("testdata/explain", name+".txt")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			_, again, _ := explained(t, folder, append([]string{"-json"}, args...)...)
			var r report
			if err := json.Unmarshal([]byte(again), &r); err != nil {
				t.Fatalf("%v\n%s", err, again)
			}
			if r.text() != stdout {
				t.Errorf("-json says something else:\n%s", again)
			}
		})
	}
}

// explained runs appserve explain on the configuration in a folder.
func explained(t *testing.T, folder string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	c := &command{stdout: &out, stderr: &errs}
	code = c.run(append([]string{"-c", filepath.Join(folder, "site.hcl"), "explain"}, args...))
	return code, out.String(), errs.String()
}

func quotedWords(words []string) string {
	var b strings.Builder
	for i, word := range words {
		if i > 0 {
			b.WriteString(" ")
		}
		if strings.Contains(word, " ") {
			word = "'" + word + "'"
		}
		b.WriteString(word)
	}
	return b.String()
}

func TestExplain_Mistakes(t *testing.T) {
	folder := t.TempDir()
	for _, c := range []struct {
		text string
		args []string
		code int
		want string
	}{
		{"", []string{"GET"}, exitUsage, "METHOD URL"},
		{"", []string{"GET", "www.example.com"}, exitUsage, "write http://www.example.com"},
		{"", []string{"GET", "ftp://x/"}, exitUsage, "http:// or https://"},
		{"", []string{"GET", "http://x/a b"}, exitUsage, "%20"},
		{"", []string{"GET", "http://x/", "-H", "nothing"}, exitUsage, "Name: value"},
		{"", []string{"GET", "http://x/", "-from", "me"}, exitUsage, "IP address"},
		{"", []string{"GET", "http://x/", "-surely-not"}, exitUsage, "surely-not"},
		{"pool {}", []string{"GET", "http://x/"}, exitConfiguration, "needs a label"},
		{inSite("  location \"/\" {\n    respond {}\n  }\n"), []string{"GET", "http://x/", "-listener", "other"}, exitConfiguration, `no listener "other"`},
		{inSite("  location \"/\" {\n    respond {}\n    error_page \"404\" {\n      file = \"none.html\"\n    }\n  }\n"), []string{"GET", "http://x/"}, exitConfiguration, "none.html"},
	} {
		if err := os.WriteFile(filepath.Join(folder, "site.hcl"), []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		code, _, stderr := explained(t, folder, c.args...)
		if code != c.code || !strings.Contains(stderr, c.want) {
			t.Errorf("%q: exit code %d, want %d and %q:\n%s", c.args, code, c.code, c.want, stderr)
		}
	}
}

// TestExplain_TellsEveryRule: a rule that is added to the server is explained.
func TestExplain_TellsEveryRule(t *testing.T) {
	var served, told []string
	for _, rule := range (&App{}).rules() {
		served = append(served, rule.name)
	}
	for _, rule := range (&explanation{}).ruleTellers() {
		told = append(told, rule.name)
	}
	if diff := cmp.Diff(served, told); diff != "" {
		t.Errorf("-served +told:\n%s", diff)
	}
}
