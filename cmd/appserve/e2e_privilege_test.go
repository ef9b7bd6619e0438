package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// systemPython is an interpreter that every user may execute.
const systemPython = "/usr/bin/python3"

// frontUser is nobody in particular: an account that the tables do not know.
const frontUser = 65533

// needOtherUsers skips where a test cannot start processes as somebody else.
func needOtherUsers(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root, to start appserve and workers as other users")
	}
	if _, err := os.Stat(systemPython); err != nil {
		t.Skipf("needs %s, which every user may execute", systemPython)
	}
	if _, err := user.Lookup("nobody"); err != nil {
		t.Skip("needs a user nobody")
	}
}

// admit lets every user reach the binary, the configuration and the
// application, and the front's user write where it must.
func (s *instance) admit() {
	s.t.Helper()
	source, err := os.ReadFile("testdata/apps/witness.py")
	if err != nil {
		s.t.Fatal(err)
	}
	s.write("app/witness.py", string(source))
	openToAll(s.t, filepath.Dir(binary), filepath.Dir(s.folder), s.folder, filepath.Join(s.folder, "app"))
	for _, folder := range []string{"spool", "run"} {
		if err := os.Chown(filepath.Join(s.folder, folder), frontUser, frontUser); err != nil {
			s.t.Fatal(err)
		}
	}
}

// powers is a configuration with a pool as the user nobody and one as appserve itself.
func (s *instance) powers() string {
	s.t.Helper()
	text := s.witness(`"$APPS"`, `"$FOLDER/app"`, `allow_root      = true`, ``,
		`processes = 2`, "processes = 1\n  python = \""+systemPython+"\"\n  umask = \"0027\"")
	other := text[strings.Index(text, `pool "witness"`):strings.Index(text, "site ")]
	other = strings.Replace(other, `pool "witness" {`, "pool \"other\" {\n  user = \"nobody\"", 1)
	return text + other + "site \"other\" {\n  listeners = [listener.http]\n  hosts = [\"other\"]\n  location \"/\" { pass = pool.other }\n}\n"
}

// identity is who a process is, in the numbers of /proc/PID/status.
type identity struct {
	uid, gid int
	groups   []string
}

// nobody is the user nobody with the groups that initgroups(3) gives it.
func nobody(t *testing.T) identity {
	t.Helper()
	account, err := user.Lookup("nobody")
	if err != nil {
		t.Fatal(err)
	}
	groups, err := account.GroupIds()
	if err != nil {
		t.Fatal(err)
	}
	uid, _ := strconv.Atoi(account.Uid)
	gid, _ := strconv.Atoi(account.Gid)
	return identity{uid, gid, groups}
}

// expectPowerless holds the status of a worker against its identity and the
// umask of its pool. It can nothing that the identity does not give it.
func (i identity) expectPowerless(t *testing.T, worker, status string) {
	t.Helper()
	for field, want := range map[string][]string{
		"Uid": fourTimes(i.uid), "Gid": fourTimes(i.gid), "Groups": i.groups, "Umask": {"0027"},
		"CapInh": {"0000000000000000"}, "CapPrm": {"0000000000000000"},
		"CapEff": {"0000000000000000"}, "CapAmb": {"0000000000000000"},
	} {
		got := statusField(status, field)
		if slices.Sort(got); !slices.Equal(got, slices.Sorted(slices.Values(want))) {
			t.Errorf("%s of %s is %v, want %v", field, worker, got, want)
		}
	}
}

func fourTimes(id int) []string {
	text := strconv.Itoa(id)
	return []string{text, text, text, text}
}

// statusField is the words of a field of /proc/PID/status.
func statusField(status, name string) []string {
	for line := range strings.Lines(status) {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			return strings.Fields(value)
		}
	}
	return nil
}

// ask gets a path from a site, with a body when there is one.
func (s *instance) ask(host, path string, body []byte) string {
	s.t.Helper()
	method := http.MethodGet
	if body != nil {
		method = http.MethodPost
	}
	request, err := http.NewRequest(method, s.url(path), bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	request.Host = host
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 60 * time.Second}
	response, err := client.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		s.t.Errorf("%s %s of %s: %s %q, %v", method, path, host, response.Status, answer, err)
	}
	return string(answer)
}

// A front that is not root but may bind ports and change users passes none of
// that on, not to its own user and not to another one.
func TestPrivilege_WorkersOfAFrontWithCapabilitiesHaveNone(t *testing.T) {
	t.Parallel()
	needOtherUsers(t)
	s := newInstance(t)
	s.admit()
	s.configure(s.powers())
	command := s.command()
	command.SysProcAttr = &syscall.SysProcAttr{
		Credential:  &syscall.Credential{Uid: frontUser, Gid: frontUser, Groups: []uint32{frontUser, 9}},
		AmbientCaps: []uintptr{unix.CAP_SETUID, unix.CAP_SETGID, unix.CAP_KILL, unix.CAP_NET_BIND_SERVICE},
	}
	s.launch(command)
	front, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.process.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(statusField(string(front), "CapAmb")); got != "[00000000000004e0]" {
		t.Fatalf("the front itself has the ambient capabilities %s: the test proves nothing", got)
	}
	self := identity{frontUser, frontUser, []string{"9", strconv.Itoa(frontUser)}}
	for range 2 { // and after a reload
		self.expectPowerless(t, "the pool without a user", s.ask("x", "/status", nil))
		nobody(t).expectPowerless(t, "the pool of nobody", s.ask("other", "/status", nil))
		s.reloadLive()
	}
	for _, host := range []string{"x", "other"} {
		body := bytes.Repeat([]byte("x"), uploadSize) // a descriptor that the worker opens again
		if answer := s.ask(host, "/upload", body); !strings.HasPrefix(answer, strconv.Itoa(uploadSize)+" ") {
			t.Errorf("an upload to %s got %q", host, answer)
		}
	}
	s.expectWorkers(2)
	s.signal(syscall.SIGKILL) // CAP_KILL is what lets the death of the front reach nobody's worker
	s.waitExit(20 * time.Second)
	eventually(t, 10*time.Second, func() string { return strings.Join(s.strays(), "\n") })
}

// Started as root, a pool has the user that it names, or does not start.
func TestPrivilege_RootIsForThoseWhoMeanIt(t *testing.T) {
	t.Parallel()
	needOtherUsers(t)
	s := newInstance(t)
	s.admit()
	s.configure(s.powers())
	code, _, stderr := cli(t, "-t", "-c", filepath.Join(s.folder, "conf.d"))
	if code != exitConfiguration || !strings.Contains(stderr, `Pool "witness" would run Python as root`) || !strings.Contains(stderr, `Write: user = "www-data"`) {
		t.Errorf("-t: exit code %d\n%s", code, stderr)
	}
	code, _, stderr = cli(t, "-c", filepath.Join(s.folder, "conf.d"))
	if code != exitConfiguration || !strings.Contains(stderr, `allow_root = true`) {
		t.Errorf("the start: exit code %d, and want the message of -t\n%s", code, stderr)
	}

	s.configure(strings.Replace(s.powers(), "appserve {", "appserve {\n  user = \"nobody\"", 1))
	s.launch(s.command())
	for _, host := range []string{"x", "other"} {
		nobody(t).expectPowerless(t, host, s.ask(host, "/status", nil))
		for name, want := range map[string]string{"HOME": nobodysHome(t), "USER": "nobody", "LOGNAME": "nobody"} {
			if got := s.ask(host, "/variable?name="+name, nil); got != "'"+want+"'" {
				t.Errorf("%s of %s is %s, want %q", name, host, got, want)
			}
		}
		body := bytes.Repeat([]byte("x"), uploadSize)
		if answer := s.ask(host, "/upload", body); !strings.HasPrefix(answer, strconv.Itoa(uploadSize)+" ") {
			t.Errorf("an upload to %s got %q", host, answer)
		}
	}
}

func nobodysHome(t *testing.T) string {
	t.Helper()
	account, err := user.Lookup("nobody")
	if err != nil {
		t.Fatal(err)
	}
	return account.HomeDir
}

// What fails at the very swap, when all workers are ready, is undone as well.
func TestPrivilege_ASocketThatCannotBeGivenAwayRefusesTheReload(t *testing.T) {
	t.Parallel()
	needOtherUsers(t)
	s := newInstance(t)
	s.excuse(`refused`)
	s.admit()
	sockets := "listener \"first\" {\n  address = \"unix:$FOLDER/run/first.sock\"\n  mode = \"0600\"\n}\n" +
		"listener \"second\" {\n  address = \"unix:$FOLDER/run/second.sock\"\n  mode = \"0600\"\n}\n" +
		"site \"local\" {\n  listeners = [listener.first, listener.second]\n  location \"/\" { pass = pool.witness }\n}\n"
	text := s.witness(`"$APPS"`, `"$FOLDER/app"`, `processes = 2`, "processes = 2\n  python = \""+systemPython+"\"") + sockets
	s.configure(text)
	command := s.command()
	command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: frontUser, Gid: frontUser}}
	s.launch(command)
	s.expectGeneration(1)
	before := s.settledFootprint()
	changed := strings.Replace(strings.Replace(text, "0600", "0660", 1), "second.sock\"", "second.sock\"\n  user = \"root\"", 1)
	for range 3 {
		s.configure(changed)
		if verdict := s.reload(); !strings.Contains(verdict, "refused") || !strings.Contains(verdict, `listener "second"`) ||
			!strings.Contains(verdict, "operation not permitted") {
			t.Fatal(verdict)
		}
		s.expectFootprint("a socket that cannot be given away", before)
		s.expectGeneration(1)
	}
	s.live(text)
	s.expectGeneration(2)
}
