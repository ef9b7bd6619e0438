package socket

import "testing"

func TestIdentity(t *testing.T) {
	for _, same := range [][]Spec{
		{{Network: "tcp", Target: ":80"}, {Network: "tcp", Target: "[::]:80"}, {Network: "tcp", Target: "[0:0::0]:80"}},
		{{Network: "tcp4", Target: "0.0.0.0:80"}},
		{{Network: "tcp", Target: ":81"}},
		{{Network: "tcp4", Target: "127.0.0.1:80"}, {Network: "tcp", Target: "127.0.0.1:80"}},
		{{Network: "tcp", Target: "[::1]:80"}, {Network: "tcp", Target: "[0::1]:80"}},
		{{Network: "tcp", Target: "localhost:80"}},
		{{Network: "unix", Target: "/run/x.sock"}},
		{{Network: "unix", Target: "@x"}},
		{{Network: "systemd", Target: "/run/x.sock"}},
	} {
		for _, s := range same[1:] {
			if s.Identity() != same[0].Identity() {
				t.Errorf("%+v and %+v are two", s, same[0])
			}
		}
	}
	identities := map[string]Spec{}
	for _, s := range []Spec{
		{Network: "tcp", Target: ":80"}, {Network: "tcp4", Target: "0.0.0.0:80"}, {Network: "tcp", Target: ":81"},
		{Network: "tcp4", Target: "127.0.0.1:80"}, {Network: "tcp", Target: "[::1]:80"}, {Network: "unix", Target: "/run/x.sock"},
		{Network: "unix", Target: "@x"}, {Network: "systemd", Target: "/run/x.sock"}, {Network: "systemd", Target: ":80"},
	} {
		if other, ok := identities[s.Identity()]; ok {
			t.Errorf("%+v and %+v are one", s, other)
		}
		identities[s.Identity()] = s
	}
}
