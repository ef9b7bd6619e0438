package spawn

import (
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestIdentity_Change(t *testing.T) {
	root := identity{groups: []uint32{0, 4}}
	www := identity{uid: 33, gid: 33, groups: []uint32{33}}
	for name, c := range map[string]struct {
		me   identity
		ask  *Credential
		want *syscall.Credential
	}{
		"nobody asked":                {root, nil, nil},
		"root to a user":              {root, &Credential{UID: 33, GID: 33, Groups: []uint32{33, 44}}, &syscall.Credential{Uid: 33, Gid: 33, Groups: []uint32{33, 44}}},
		"no groups are not ours":      {root, &Credential{UID: 33, GID: 34}, &syscall.Credential{Uid: 33, Gid: 34, Groups: []uint32{34}}},
		"root stays root":             {root, &Credential{Groups: []uint32{4, 0, 0}}, nil},
		"root with other groups":      {root, &Credential{Groups: []uint32{0}}, &syscall.Credential{Groups: []uint32{0}}},
		"a user stays itself":         {www, &Credential{UID: 33, GID: 33, Groups: []uint32{33, 44}}, nil},
		"a user to its another group": {www, &Credential{UID: 33, GID: 44}, &syscall.Credential{Uid: 33, Gid: 44, Groups: []uint32{44}}},
	} {
		if diff := cmp.Diff(c.want, c.me.change(c.ask)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestSpawner_CredentialIsTakenCompletely(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root to become another user")
	}
	s := newTestSpawner(t)
	spec := Spec{
		Path:       "/bin/cat",
		Args:       []string{"/proc/self/status"},
		Credential: &Credential{UID: 65533, GID: 65532, Groups: []uint32{65532, 12345}},
		Umask:      -1,
	}
	checkPowerless(t, output(t, s, spec), "65533", "65532", "12345 65532")
}

// checkPowerless checks a /proc/PID/status: who it is, and that it can nothing else.
func checkPowerless(t *testing.T, status, uid, gid, groups string) {
	t.Helper()
	four := func(id string) string { return strings.Join([]string{id, id, id, id}, " ") }
	for field, want := range map[string]string{
		"Uid": four(uid), "Gid": four(gid), "Groups": groups,
		"CapInh": "0000000000000000", "CapPrm": "0000000000000000",
		"CapEff": "0000000000000000", "CapAmb": "0000000000000000",
	} {
		if got := statusField(status, field); got != want {
			t.Errorf("%s is %q, want %q", field, got, want)
		}
	}
}

// statusField is a field of /proc/PID/status, its words separated by one space.
func statusField(status, name string) string {
	for line := range strings.Lines(status) {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			return strings.Join(strings.Fields(value), " ")
		}
	}
	return ""
}
