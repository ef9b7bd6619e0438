package config

import (
	"strings"
	"testing"
	"time"
)

func TestParseDuration(t *testing.T) {
	good := map[string]time.Duration{
		"500ms": 500 * time.Millisecond, "30s": 30 * time.Second, "2m": 2 * time.Minute, "1h30m": 90 * time.Minute,
		"7d": 7 * 24 * time.Hour, "2w": 14 * 24 * time.Hour, "1.5s": 1500 * time.Millisecond, "0s": 0,
	}
	for text, want := range good {
		if got, why := parseDuration(text); why != "" || got != want {
			t.Errorf("%q is %v (%s), want %v", text, got, why, want)
		}
		if again, why := parseDuration(unquoted(printDuration(want))); why != "" || again != want {
			t.Errorf("%v is printed as %s, which is read as %v", want, printDuration(want), again)
		}
	}
	for _, text := range []string{"", "30", "s", "30sec", "-3s", "1h 30m", "30S", "1e3s", "..s", "999999999w"} {
		if got, why := parseDuration(text); why == "" {
			t.Errorf("%q is taken for %v", text, got)
		}
	}
}

func TestParseSize(t *testing.T) {
	good := map[string]int64{
		"0B": 0, "1B": 1, "64KiB": 64 << 10, "10MiB": 10 << 20, "10MB": 10e6, "1.5GiB": 3 << 29, "2TiB": 2 << 40, "3KB": 3000, "1001B": 1001,
	}
	for text, want := range good {
		if got, why, _ := parseSize(text); why != "" || got != want {
			t.Errorf("%q is %d (%s), want %d", text, got, why, want)
		}
		if again, why, _ := parseSize(unquoted(printSize(want))); why != "" || again != want {
			t.Errorf("%d is printed as %s, which is read as %d", want, printSize(want), again)
		}
	}
	hints := map[string]string{"10M": "10MiB", "10mb": "10MB", "10mib": "10MiB", "1k": "1KiB", "512": "512B", "10 MiB": "", "": "", "MiB": "", "99999999TiB": ""}
	for text, want := range hints {
		if _, why, hint := parseSize(text); why == "" || hint != want {
			t.Errorf("%q: %q, hint %q, want hint %q", text, why, hint, want)
		}
	}
}

func TestAsciiHost(t *testing.T) {
	good := map[string]string{
		"www.example.com": "www.example.com", "WWW.Example.COM": "www.example.com", "example.com.": "example.com",
		"bücher.example": "xn--bcher-kva.example", "BÜCHER.example": "xn--bcher-kva.example", "xn--bcher-kva.example": "xn--bcher-kva.example",
		"127.0.0.1": "127.0.0.1", "my_container": "my_container", "localhost": "localhost", "a-b": "a-b",
	}
	for text, want := range good {
		if got, why := asciiHost(text); why != "" || got != want {
			t.Errorf("%q is %q (%s), want %q", text, got, why, want)
		}
	}
	bad := []string{"", ".", "a..b", "-a.example", "a b", "a*b", "exa\x00mple", strings.Repeat("a", 64) + ".example", strings.Repeat("a.", 130) + "b", "xn--a", "bü_cher"}
	for _, text := range bad {
		if got, why := asciiHost(text); why == "" {
			t.Errorf("%q is taken for %q", text, got)
		}
	}
}

func TestCanonicalRoute(t *testing.T) {
	good := map[string]string{"/": "/", "//": "/", "/a": "/a", "/a/": "/a", "/a//b/": "/a/b", "/ä/b c": "/ä/b c", "/a.b": "/a.b"}
	for text, want := range good {
		if got, summary, _ := canonicalRoute(text); summary != "" || got != want {
			t.Errorf("%q is %q (%s), want %q", text, got, summary, want)
		}
	}
	for _, text := range []string{"", "a", "= /a", "~ ^/a", "/a$", "@a", "/a*", "/a?b", "/a#b", "/a%20", "/a/../b", "/./a", "/a\nb"} {
		if got, summary, detail := canonicalRoute(text); summary == "" || detail == "" {
			t.Errorf("%q is taken for %q", text, got)
		}
	}
}

func TestCovers(t *testing.T) {
	cases := []struct {
		path, other string
		want        bool
	}{
		{"/", "/a", true}, {"/a", "/a", true}, {"/a", "/a/b", true}, {"/a", "/ab", false}, {"/a/b", "/a", false},
	}
	for _, c := range cases {
		if got := covers(c.path, c.other); got != c.want {
			t.Errorf("covers(%q, %q) is %v", c.path, c.other, got)
		}
	}
}

func TestCollide(t *testing.T) {
	address := func(text string) Address {
		l := mustLoad(t, "listener \"a\" {\n  address = \""+text+"\"\n}\nsite \"x\" {\n  location \"/\" {\n    respond {}\n  }\n}")
		return l.Listeners[0].Addresses[0]
	}
	cases := []struct {
		a, b string
		want bool
	}{
		{":80", "[::]:80", true}, {":80", "127.0.0.1:80", true}, {"0.0.0.0:80", "127.0.0.1:80", true},
		{"0.0.0.0:80", "[::1]:80", false}, {"127.0.0.1:80", "127.0.0.2:80", false}, {"127.0.0.1:80", "127.0.0.1:81", false},
		{"127.0.0.1:0", "127.0.0.1:0", false}, {"unix:/a", "unix:/a", true}, {"unix:/a", "unix:@a", false},
		{"systemd:a", "systemd:a", true}, {"[0::1]:80", "[::1]:80", true},
	}
	for _, c := range cases {
		if got := collide(address(c.a), address(c.b)); got != c.want {
			t.Errorf("%s beside %s: %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

func TestTemplate_Parts(t *testing.T) {
	c := mustLoad(t, `
listener "http" {
  address = ":8000"
}
site "x" {
  location "/" {
    respond {
      body = "a$$b $(host)c$status-$http_X_Trace$cookie_sessionID $arg_Page%"
    }
  }
}
`)
	var got []string
	for _, part := range c.Sites[0].Locations[0].Respond.Body.Parts {
		got = append(got, part.Literal+"|"+part.Variable+"|"+part.Argument)
	}
	want := []string{"a$b ||", "|host|", "c||", "|status|", "-||", "|http_|x_trace", "|cookie_|sessionID", " ||", "|arg_|Page", "%||"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("parts:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestSuggest(t *testing.T) {
	known := []string{"processes", "threads", "request_timeout", "app"}
	cases := map[string]string{
		"proceses": "processes", "Threads": "threads", "threasd": "threads", "request_timout": "request_timeout", "ap": "app", "x": "", "completely": "",
	}
	for word, want := range cases {
		if got := suggest(word, known); got != want {
			t.Errorf("suggest(%q) is %q, want %q", word, got, want)
		}
	}
}

func TestConstraints(t *testing.T) {
	cases := []struct {
		constraint, version string
		want                bool
	}{
		{">= 0.3", "0.3.0", true}, {">= 0.3", "0.2.9", false}, {">= 0.3", "0.3.0-dev", true}, {"~> 0.4", "0.9.1", true}, {"~> 0.4", "1.0.0", false},
		{"~> 0.4.1", "0.4.9", true}, {"~> 0.4.1", "0.5.0", false}, {"0.4", "0.4.0", true}, {"= 0.4", "0.4.1", false}, {"!= 0.4", "0.4.1", true},
		{"> 0.4, < 0.6", "0.5.0", true}, {"> 0.4, < 0.6", "0.6.0", false}, {"<= 1", "v1.0.0+build", true},
	}
	for _, c := range cases {
		list, why := parseConstraints(c.constraint)
		v, ok := parseVersion(c.version)
		if why != "" || !ok {
			t.Fatalf("%q %q: %s", c.constraint, c.version, why)
		}
		if got := list.allow(v); got != c.want {
			t.Errorf("%s allows %s: %v", c.constraint, c.version, got)
		}
	}
	for _, s := range []string{"", ">=", "newest", "=> 1", ">= 1.2.3.4", "1,", ">= x"} {
		if _, why := parseConstraints(s); why == "" {
			t.Errorf("%q is taken", s)
		}
	}
}

func TestQuotaCPUs(t *testing.T) {
	files := func(m map[string]string) func(string) ([]byte, error) {
		return func(path string) ([]byte, error) {
			if text, ok := m[path]; ok {
				return []byte(text), nil
			}
			return nil, errCircle
		}
	}
	cases := []struct {
		name  string
		files map[string]string
		want  int
	}{
		{"v2", map[string]string{"/proc/self/cgroup": "0::/a/b\n", "/sys/fs/cgroup/a/b/cpu.max": "150000 100000\n"}, 2},
		{"v2 above", map[string]string{"/proc/self/cgroup": "0::/a/b\n", "/sys/fs/cgroup/a/b/cpu.max": "max 100000\n", "/sys/fs/cgroup/a/cpu.max": "50000 100000"}, 1},
		{"v2 in a container", map[string]string{"/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "400000 100000\n"}, 4},
		{"v1", map[string]string{"/proc/self/cgroup": "4:cpu,cpuacct:/x\n", "/sys/fs/cgroup/cpu/x/cpu.cfs_quota_us": "300000\n", "/sys/fs/cgroup/cpu/x/cpu.cfs_period_us": "100000\n"}, 3},
		{"v1 without", map[string]string{"/proc/self/cgroup": "4:cpu,cpuacct:/x\n", "/sys/fs/cgroup/cpu/x/cpu.cfs_quota_us": "-1\n", "/sys/fs/cgroup/cpu/x/cpu.cfs_period_us": "100000\n"}, 1 << 30},
		{"nothing", nil, 1 << 30},
	}
	for _, c := range cases {
		if got := quotaCPUs(files(c.files)); min(got, 1<<30) != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
	if n := availableCPUs(); n < 1 {
		t.Errorf("this machine has %d CPUs", n)
	}
}
