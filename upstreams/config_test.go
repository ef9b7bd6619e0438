package upstreams

import (
	"strings"
	"testing"
)

func TestNew_RefusesWhatCannotWork(t *testing.T) {
	sound := Config{Name: "u", Protocol: ProtocolHTTP, Balance: LeastConn,
		Servers: []Server{{Name: "a", Network: "tcp", Address: "h:1", Weight: 1}}}
	if _, err := New(sound, Options{}); err != nil {
		t.Fatal(err)
	}
	for name, edit := range map[string]func(*Config){
		"protocol": func(c *Config) { c.Protocol = "gopher" },
		"balance":  func(c *Config) { c.Balance = "" },
		"servers":  func(c *Config) { c.Servers = nil },
		"weight":   func(c *Config) { c.Servers = []Server{{Name: "a", Network: "tcp", Address: "h:1"}} },
		"address":  func(c *Config) { c.Servers = []Server{{Name: "a", Weight: 1}} },
	} {
		c := sound
		edit(&c)
		if _, err := New(c, Options{}); err == nil || !strings.Contains(err.Error(), `upstream "u"`) {
			t.Errorf("%s: %v", name, err)
		}
		if c.Equal(sound) {
			t.Errorf("%s: equal to the sound one", name)
		}
	}
	moved := sound
	moved.Declared = "elsewhere.hcl:7"
	if !moved.Equal(sound) {
		t.Error("a block that moved is another")
	}
}
