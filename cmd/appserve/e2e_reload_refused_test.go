package main

import (
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// household is a configuration with something of every kind, so that a reload
// has much to disturb.
const household = `
log {
  format = "text"
  output = "stderr"
  access_log {
    output = "$FOLDER/access.log"
  }
}
listener "local" {
  address = ["unix:$FOLDER/run/local.sock", "unix:@$FOLDER/local"]
  mode    = "0600"
}
upstream "elsewhere" {
  server "one" { address = "127.0.0.1:1" }
}
site "household" {
  listeners = [listener.local]
  location "/" { pass = upstream.elsewhere }
  location "/apps" {
    static {
      directory = "$APPS"
    }
  }
}
`

// renovated changes all of it at once: what a refused reload must not have
// done is also whatever comes before the step that failed.
func renovated(text, address string) string {
	return strings.NewReplacer(
		`mode    = "0600"`, `mode    = "0666"`,
		`format = "text"`, `format = "json"`,
		`$FOLDER/access.log`, `$FOLDER/renovated-access.log`,
		`unix:@$FOLDER/local`, `unix:@$FOLDER/renovated`,
		`$FOLDER/spool`, `$FOLDER/renovated-spool`,
		`127.0.0.1:1"`, `127.0.0.1:2"`,
		`listener "http" {`, "listener \"http\" {\n  backlog = 17\n  keepalive_timeout = \"3s\"",
	).Replace(text) + `
listener "annexe" {
  address = ["` + address + `", "unix:$FOLDER/run/annexe.sock"]
}
site "annexe" {
  listeners = [listener.annexe]
  location "/" { pass = pool.witness }
}
`
}

// fault is one way for a reload to fail.
type fault struct {
	name string
	make func(text string) string
	says string // in the log
}

// replacing is the fault of a text with something else in it.
func replacing(t *testing.T, old, with string) func(string) string {
	return func(text string) string {
		t.Helper()
		if !strings.Contains(text, old) {
			t.Errorf("the configuration does not hold %q", old)
		}
		return strings.Replace(text, old, with, 1)
	}
}

func appending(extra string) func(string) string {
	return func(text string) string { return text + extra }
}

// faultsOfFiles fail before anything boots. -t does not see what lies behind
// a dangling link; the log behind it cannot be opened.
func faultsOfFiles(t *testing.T, s *instance) []fault {
	if err := os.Symlink("/no/such/folder/x.log", filepath.Join(s.folder, "dangling.log")); err != nil {
		t.Fatal(err)
	}
	faults := []fault{
		{"syntax error", appending("site \"x\" {"), `main\.hcl line`},
		{"log that is a folder", replacing(t, `output = "stderr"`, `output = "$FOLDER/run"`), `(?i)log.*is a (folder|directory)`},
		{"log that cannot be opened", replacing(t, `output = "stderr"`, `output = "$FOLDER/dangling.log"`), `opening log output .*dangling\.log`},
		{"access log that cannot be opened", replacing(t, "$FOLDER/renovated-access.log", "$FOLDER/dangling.log"), `opening access log .*dangling\.log`},
		{"static folder that is not there", replacing(t, `directory = "$APPS"`, `directory = "$FOLDER/nothing"`), `nothing`},
		{"env_file that is not there", replacing(t, `processes = 2`, `env_file = "$FOLDER/nothing.env"`), `nothing\.env`},
	}
	if os.Geteuid() == 0 {
		faults = append(faults, fault{"Python as root", replacing(t, `allow_root      = true`, ``), `user = .www-data.`})
	}
	return faults
}

// faultsOfSockets fail when sockets are bound.
func faultsOfSockets(t *testing.T, s *instance) []fault {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { taken.Close() })
	living, err := net.Listen("unix", filepath.Join(s.folder, "living.sock"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { living.Close() })
	_, port, _ := net.SplitHostPort(s.address)
	more := func(address string) func(string) string {
		return appending("listener \"more\" {\n  address = \"" + address + "\"\n}\n" +
			"site \"more\" {\n  listeners = [listener.more]\n  location \"/\" { pass = pool.witness }\n}\n")
	}
	return []fault{
		{"port of another process", more(taken.Addr().String()), `listener "more".*main\.hcl:\d+.*another process`},
		{"port of a running listener", replacing(t, `address = "$ADDRESS"`, `address = ":`+port+`"`), `held by listener "http" of the running configuration`},
		{"unix socket of another process", more("unix:$FOLDER/living.sock"), `another process answers on .*living\.sock`},
		{"socket that systemd did not pass", more("systemd:web"), `systemd passed no socket named "web"`},
	}
}

// faultsOfWorkers fail while workers boot, ever later.
func faultsOfWorkers(t *testing.T) []fault {
	pool := func(name, change string) string {
		return "pool \"" + name + "\" {\n  app   = \"witness:application\"\n  chdir = \"$APPS\"\n  processes = 2\n  env = {\n" +
			"    APPSERVE_E2E = \"$FOLDER\"\n    PYTHONDONTWRITEBYTECODE = \"1\"\n" + change + "  }\n}\n"
	}
	return []fault{
		{"interpreter that is not there", replacing(t, `processes = 2`, `python = "/no/such/python"`), `/no/such/python`},
		{"interpreter that is none", replacing(t, `processes = 2`, `python = "/bin/true"`), `/bin/true is no Python`},
		{"module that is not there", replacing(t, `witness:application`, `absent:application`), `No module named 'absent'`},
		{"canary of the second pool", appending(pool("zebra", "    FAIL_IN_SLOT = \"0\"\n")), `pool "zebra" did not boot`},
		{"second worker behind a ready canary", replacing(t, `APPSERVE_E2E            =`, "FAIL_IN_SLOT = \"1\"\n    APPSERVE_E2E ="), `slot 1 does not want to boot`},
	}
}

func TestReload_ARefusedOneLeavesNoTrace(t *testing.T) {
	t.Parallel()
	s := newInstance(t)
	s.excuse(`refused|did not boot|failed to boot|not sound`)
	sound := s.witness() + household
	s.configure(sound)
	s.launch(s.command())
	address := freeAddress(t)
	s.expectGeneration(1)
	before := s.settledFootprint()
	for _, f := range append(faultsOfFiles(t, s), append(faultsOfSockets(t, s), faultsOfWorkers(t)...)...) {
		s.configure(f.make(renovated(sound, address)))
		from := len(s.log.text())
		if verdict := s.reload(); !strings.Contains(verdict, "[ERROR] appserve: reload ") || !strings.Contains(verdict, "refused") {
			t.Fatalf("%s: %s", f.name, verdict)
		}
		if said := s.log.text()[from:]; !regexp.MustCompile(f.says).MatchString(said) {
			t.Errorf("%s: the log does not name it (%s):\n%s", f.name, f.says, said)
		}
		s.expectFootprint(f.name, before)
		s.expectGeneration(1)
	}
	s.live(renovated(sound, address))
	s.expectGeneration(2)
	s.opened = 0 // more is open on purpose
}
