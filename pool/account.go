package pool

import (
	"fmt"
	"os"
	"os/user"
	"slices"
	"strconv"
	"strings"
)

// account is the identity that a pool's processes get.
type account struct {
	uid, gid uint32
	groups   []uint32 // all supplementary groups
	name     string
	home     string
	changed  bool // it is not the user that appserve runs as
}

// identityNow is the identity of this process.
type identityNow struct {
	uid, gid int
}

// findAccount resolves the identity of a pool. The error names the pool's
// declaration and what to write.
func findAccount(c Config, now identityNow) (*account, error) {
	if isZero(c.Identity) {
		if now.uid == 0 && !c.AllowRoot {
			return nil, rootRefused(c)
		}
		return &account{uid: uint32(now.uid), gid: uint32(now.gid)}, nil
	}
	a, err := lookupAccount(c.Identity, now)
	if err != nil {
		return nil, fmt.Errorf("%s: pool %q: %w", c.Declared, c.Name, err)
	}
	a.changed = a.uid != uint32(now.uid)
	switch {
	case a.uid == 0 && !c.AllowRoot:
		return nil, rootRefused(c)
	case now.uid != 0 && a.changed && !canChangeUser():
		return nil, fmt.Errorf("%s: pool %q: appserve runs as uid %d and cannot start workers as user %q: start it as root, or with CAP_SETUID, CAP_SETGID and CAP_KILL",
			c.Declared, c.Name, now.uid, c.Identity.User)
	}
	return a, nil
}

func rootRefused(c Config) error {
	return fmt.Errorf(`%s: pool %q would run Python as root. Write user = "www-data" (or another account), or allow_root = true`, c.Declared, c.Name)
}

// credential is what the spawner needs; nil when nothing changes, because
// setting groups needs a right that appserve may not have.
func (a *account) credential(now identityNow) *Credential {
	if a.uid == uint32(now.uid) && a.gid == uint32(now.gid) && a.groups == nil {
		return nil
	}
	return &Credential{UID: a.uid, GID: a.gid, Groups: a.groups}
}

// lookupAccount finds user, group and groups in the system's tables.
func lookupAccount(id Identity, now identityNow) (*account, error) {
	a := &account{uid: uint32(now.uid), gid: uint32(now.gid)}
	if id.User != "" {
		u, err := findUser(id.User)
		if err != nil {
			return nil, err
		}
		if err := a.take(u); err != nil {
			return nil, err
		}
	}
	if id.Group != "" {
		gid, err := findGroup(id.Group)
		if err != nil {
			return nil, err
		}
		a.gid = gid
		a.addGroup(gid)
	}
	for _, name := range id.SupplementaryGroups {
		gid, err := findGroup(name)
		if err != nil {
			return nil, err
		}
		a.addGroup(gid)
	}
	return a, nil
}

// take sets the identity of a user with the groups that initgroups gives it.
// When that is who we are already, nothing needs to be set.
func (a *account) take(u *user.User) error {
	uid, err := parseID(u.Uid)
	if err != nil {
		return err
	}
	gid, err := parseID(u.Gid)
	if err != nil {
		return err
	}
	same := uid == a.uid && gid == a.gid
	a.uid, a.gid, a.name, a.home = uid, gid, u.Username, u.HomeDir
	if same {
		return nil
	}
	ids, err := u.GroupIds()
	if err != nil {
		return fmt.Errorf("finding the groups of user %q: %w", u.Username, err)
	}
	for _, id := range ids {
		if n, err := parseID(id); err == nil {
			a.addGroup(n)
		}
	}
	a.addGroup(gid)
	return nil
}

func (a *account) addGroup(gid uint32) {
	if !slices.Contains(a.groups, gid) {
		a.groups = append(a.groups, gid)
	}
}

func findUser(name string) (*user.User, error) {
	if u, err := user.Lookup(name); err == nil {
		return u, nil
	}
	if _, err := parseID(name); err == nil {
		if u, err := user.LookupId(name); err == nil {
			return u, nil
		}
	}
	return nil, fmt.Errorf("there is no user %q", name)
}

func findGroup(name string) (uint32, error) {
	if g, err := user.LookupGroup(name); err == nil {
		return parseID(g.Gid)
	}
	if gid, err := parseID(name); err == nil {
		return gid, nil
	}
	return 0, fmt.Errorf("there is no group %q", name)
}

func parseID(text string) (uint32, error) {
	n, err := strconv.ParseUint(text, 10, 32)
	return uint32(n), err
}

func isZero(id Identity) bool {
	return id.User == "" && id.Group == "" && len(id.SupplementaryGroups) == 0
}

// canChangeUser says whether this process may take another user's identity
// without being root: CAP_SETUID (7) is in its effective set.
func canChangeUser() bool {
	const capSetUID = 7
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return false
	}
	return hasCapability(string(status), capSetUID)
}

// hasCapability reads the effective set out of the text of /proc/PID/status.
func hasCapability(status string, number uint) bool {
	for line := range strings.Lines(status) {
		if set, ok := strings.CutPrefix(line, "CapEff:"); ok {
			bits, err := strconv.ParseUint(strings.TrimSpace(set), 16, 64)
			return err == nil && bits&(1<<number) != 0
		}
	}
	return false
}
