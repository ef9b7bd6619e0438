package spawn

import (
	"os"
	"slices"
	"syscall"
)

// Credential is the identity of a process in numbers.
type Credential struct {
	UID, GID uint32
	// Groups are all supplementary groups, as initgroups(3) would find them.
	// Without any the process is in its own GID only; it never keeps ours.
	Groups []uint32
}

// identity is who a process runs as.
type identity struct {
	uid, gid uint32
	groups   []uint32
}

// ourIdentity is who appserve runs as.
func ourIdentity() identity {
	me := identity{uid: uint32(os.Geteuid()), gid: uint32(os.Getegid())}
	// An error leaves the list empty: root then sets the groups once more
	// than needed, nobody else may set them anyway.
	numbers, _ := os.Getgroups()
	for _, g := range numbers {
		me.groups = append(me.groups, uint32(g))
	}
	return me
}

// change is what the kernel must be asked for to become c; nil when there is
// nothing to ask: for anyone but root, setting the groups one already has is
// EPERM.
func (me identity) change(c *Credential) *syscall.Credential {
	if c == nil {
		return nil
	}
	groups := c.Groups
	if len(groups) == 0 {
		groups = []uint32{c.GID}
	}
	if c.UID == me.uid && c.GID == me.gid && (me.uid != 0 || sameGroups(groups, me.groups)) {
		return nil
	}
	return &syscall.Credential{Uid: c.UID, Gid: c.GID, Groups: groups}
}

// sameGroups compares two lists of groups as sets.
func sameGroups(a, b []uint32) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(slices.Compact(a), slices.Compact(b))
}
