package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// versioned is a configuration whose application and static answer carry a number.
func versioned(number int, extra string) string {
	return fmt.Sprintf(`
appserve {
  allow_root      = true
  spool_directory = "$FOLDER/spool"
}
listener "http" { address = "$ADDRESS" }
pool "app" {
  app   = "app:application"
  chdir = "$FOLDER/app"
  env = {
    APPSERVE_E2E            = "$FOLDER"
    PYTHONDONTWRITEBYTECODE = "1" # versions are deployed within one second (docs/reload.md)
  }
  processes    = 2
  boot_timeout = "30s"
}
site "app" {
  location "/" { pass = pool.app }
  location "/fixed" {
    respond {
      body = "configuration %d"
    }
  }
}
%s
`, number, extra)
}

// deploy writes version number of the application.
func (s *instance) deploy(number int) {
	s.t.Helper()
	kitchen, err := os.ReadFile("testdata/apps/kitchen.py")
	if err != nil {
		s.t.Fatal(err)
	}
	s.write("app/app.py", strings.Replace(string(kitchen), `VERSION = "1"`, fmt.Sprintf("VERSION = %q", fmt.Sprint(number)), 1))
}

func serveVersioned(t *testing.T) *instance {
	t.Helper()
	s := newInstance(t)
	s.deploy(1)
	s.configure(versioned(1, ""))
	s.start()
	s.waitLog(`appserve: serving`)
	s.opened = s.descriptors()
	return s
}

func TestReload_TenTimesUnderLoadDropsNothing(t *testing.T) {
	s := serveVersioned(t)
	load := startLoad(s, "/version", 8, is200)
	long := s.later("/sleep?s=5&mark=long")
	s.awaitEntered("long")
	upload := s.slowUpload(1<<20, 6*time.Second)

	for number := 2; number <= 11; number++ {
		s.deploy(number)
		s.configure(versioned(number, ""))
		if verdict := s.reload(); !strings.Contains(verdict, ": live") {
			t.Fatalf("reload to version %d: %s", number, verdict)
		}
		s.expect("/version", http.StatusOK, fmt.Sprint(number))
		s.expect("/fixed", http.StatusOK, fmt.Sprintf("configuration %d", number))
	}

	if answer := <-long; answer != "200 slept in version 1" {
		t.Errorf("the long request got %q, want the old generation's answer", answer)
	}
	if answer := <-upload; !strings.HasPrefix(answer, "200 1048576 ") {
		t.Errorf("the slow upload got %q", answer)
	}
	load.mustBeClean(t)
	if load.saw("1") == 0 || load.saw("11") == 0 {
		t.Errorf("the load saw versions %v, want the first and the last among them", load.seen)
	}
}

func TestReload_BrokenVersionsNeverGoLive(t *testing.T) {
	s := serveVersioned(t)
	s.excuse(`refused|did not boot|failed to boot|configuration is not sound`)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	before := s.workers()
	load := startLoad(s, "/version", 8, func(status int, body string) string {
		if status != http.StatusOK || body != "1" {
			return fmt.Sprintf("%d %q, want the old version", status, body)
		}
		return ""
	})

	breaks := []struct {
		name    string
		prepare func()
		log     string
	}{
		{"syntax error in HCL", func() { s.configure("pool {") }, `main\.hcl line 1`},
		{"import error in Python", func() {
			s.configure(versioned(2, ""))
			s.write("app/app.py", "import os\nimport no_such_module\n")
		}, `app\.py", line 2`},
		{"worker that hangs at boot", func() {
			s.configure(strings.Replace(versioned(2, ""), `"30s"`, `"2s"`, 1))
			s.write("app/app.py", "import time\ntime.sleep(600)\n")
		}, `boot_timeout|did not become ready`},
		{"port that is taken", func() {
			s.deploy(2)
			s.configure(versioned(2, fmt.Sprintf("listener \"second\" {\n  address = %q\n}\nsite \"second\" {\n  listeners = [listener.second]\n  hosts = [\"second\"]\n  location \"/\" {\n    respond {\n      status = 204\n    }\n  }\n}\n",
				taken.Addr())))
			s.write("conf.d/main.hcl", strings.Replace(s.read("conf.d/main.hcl"), `site "app" {`, "site \"app\" {\n  listeners = [listener.http]", 1))
		}, `listener "second".*main\.hcl:\d+|main\.hcl:\d+.*listener "second"`},
	}
	for _, broken := range breaks {
		broken.prepare()
		from := len(s.log.text())
		if verdict := s.reload(); !strings.Contains(verdict, "refused") {
			t.Errorf("%s: %s", broken.name, verdict)
		}
		if !regexp.MustCompile(broken.log).MatchString(s.log.text()[from:]) {
			t.Errorf("%s: the log does not name it (%s):\n%s", broken.name, broken.log, s.log.text()[from:])
		}
		s.expect("/fixed", http.StatusOK, "configuration 1")
	}

	load.mustBeClean(t)
	eventually(t, 20*time.Second, func() string {
		if after := s.workers(); fmt.Sprint(after) != fmt.Sprint(before) {
			return fmt.Sprintf("workers were %v and are %v", before, after)
		}
		return ""
	})
}

func TestReload_HangupsDuringAReloadRunOnceMore(t *testing.T) {
	t.Parallel()
	s := serveVersioned(t)
	s.write("app/app.py", "import time\ntime.sleep(1)\n"+s.read("app/app.py"))
	s.signal(syscall.SIGHUP)
	s.waitLog(`reload 1: loading`)
	for range 5 {
		s.signal(syscall.SIGHUP)
	}
	s.waitLog(`reload 2: live`)
	s.expect("/version", http.StatusOK, "1")
	if code := s.stop(syscall.SIGTERM); code != exitStopped {
		t.Errorf("exit code %d", code)
	}
	if n := len(s.verdicts()); n != 2 {
		t.Errorf("%d verdicts, want 2: five hangups during a reload are one more", n)
	}
}

func TestReload_StopDuringAReloadStops(t *testing.T) {
	t.Parallel()
	s := serveVersioned(t)
	s.excuse(`refused|failed to boot|did not boot`)
	s.write("app/app.py", "import time\ntime.sleep(600)\n")
	s.signal(syscall.SIGHUP)
	s.waitLog(`reload 1: loading`)
	began := time.Now()
	if code := s.stop(syscall.SIGTERM); code != exitStopped {
		t.Errorf("exit code %d, want 0", code)
	}
	if took := time.Since(began); took > 20*time.Second { // less than boot_timeout
		t.Errorf("stopping took %s", took)
	}
}

func (s *instance) read(name string) string {
	s.t.Helper()
	content, err := os.ReadFile(filepath.Join(s.folder, name))
	if err != nil {
		s.t.Fatal(err)
	}
	return string(content)
}
