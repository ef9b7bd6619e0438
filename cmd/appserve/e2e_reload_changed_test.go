package main

import (
	"strings"
	"testing"
)

func TestReload_TheVerdictNamesWhatChanged(t *testing.T) {
	t.Parallel()
	s := serve(t, versionedKitchen())
	for _, c := range []struct{ configuration, want string }{
		{versionedKitchen(), "changed=nothing"},
		{"# moved down\n" + strings.Replace(versionedKitchen(), "configuration 1", "configuration 2", 1), "changed=site.app"},
		{strings.Replace(versionedKitchen(), "processes    = 2", "processes    = 1", 1), `changed="pool.app, site.app"`},
	} {
		s.configure(c.configuration)
		if verdict := s.reload(); !strings.HasSuffix(verdict, " "+c.want) {
			t.Errorf("%s; want %s", verdict, c.want)
		}
	}
}

// versionedKitchen is versioned with the application of the kitchen.
func versionedKitchen() string {
	return strings.NewReplacer(`"app:application"`, `"kitchen:application"`, `chdir = "$FOLDER/app"`, `chdir = "$APPS"`).Replace(versioned(1, ""))
}
