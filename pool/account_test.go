package pool

import (
	"os/user"
	"slices"
	"strings"
	"testing"
)

func TestFindAccount_Root(t *testing.T) {
	root, someone := identityNow{0, 0}, identityNow{1000, 1000}
	c := Config{Name: "x", Declared: "a.hcl:3"}
	_, err := findAccount(c, root)
	if err == nil || !strings.Contains(err.Error(), `a.hcl:3: pool "x" would run Python as root`) ||
		!strings.Contains(err.Error(), "allow_root = true") {
		t.Errorf("got %v", err)
	}
	c.Identity.User = "root"
	if _, err := findAccount(c, root); err == nil {
		t.Error("root by name is accepted")
	}
	c.AllowRoot = true
	if _, err := findAccount(c, root); err != nil {
		t.Error(err)
	}
	c.Identity.User, c.AllowRoot = "", false
	a, err := findAccount(c, someone)
	if err != nil || a.credential(someone) != nil {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestFindAccount_Nobody(t *testing.T) {
	nobody, err := user.Lookup("nobody")
	if err != nil {
		t.Skip("there is no nobody here")
	}
	root := identityNow{0, 0}
	for _, name := range []string{"nobody", nobody.Uid} {
		a, err := findAccount(Config{Identity: Identity{User: name, SupplementaryGroups: []string{"12345"}}}, root)
		if err != nil {
			t.Fatal(err)
		}
		uid, _ := parseID(nobody.Uid)
		gid, _ := parseID(nobody.Gid)
		credential := a.credential(root)
		if credential == nil || credential.UID != uid || credential.GID != gid {
			t.Fatalf("%+v", credential)
		}
		if !slices.Contains(credential.Groups, gid) || !slices.Contains(credential.Groups, 12345) || slices.Contains(credential.Groups, 0) {
			t.Errorf("groups %v", credential.Groups)
		}
		if !a.changed || a.name != "nobody" || a.home != nobody.HomeDir {
			t.Errorf("%+v", a)
		}
	}
}

func TestFindAccount_Unknown(t *testing.T) {
	root := identityNow{0, 0}
	for _, id := range []Identity{{User: "no-such-user"}, {User: "nobody", Group: "no-such-group"},
		{User: "nobody", SupplementaryGroups: []string{"no-such-group"}}} {
		if _, err := findAccount(Config{Declared: "a.hcl:3", Identity: id}, root); err == nil ||
			!strings.Contains(err.Error(), "no-such") || !strings.Contains(err.Error(), "a.hcl:3") {
			t.Errorf("%+v: %v", id, err)
		}
	}
}

func TestHasCapability(t *testing.T) {
	status := "Name:\tx\nCapEff:\t00000000000004c0\nCapBnd:\tffffffffffffffff\n"
	for number, want := range map[uint]bool{6: true, 7: true, 10: true, 0: false, 5: false, 21: false} {
		if got := hasCapability(status, number); got != want {
			t.Errorf("%d: %v", number, got)
		}
	}
	if hasCapability("", 7) || hasCapability("CapEff:\tzz\n", 7) {
		t.Error("a status without a set")
	}
}
