package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// edits writes header edits as text: "set A=1 remove B".
func edits(h *HeaderEdits) string {
	if h == nil {
		return "none"
	}
	var parts []string
	for _, list := range []struct {
		name   string
		fields []HeaderField
	}{{"set", h.Set}, {"default", h.Default}, {"add", h.Add}} {
		for _, f := range list.fields {
			parts = append(parts, list.name+" "+f.Name+"="+f.Value.Text)
		}
	}
	for _, name := range h.Remove {
		parts = append(parts, "remove "+name)
	}
	return strings.Join(parts, ", ")
}

// TestHeaders_OfSiteAndLocation: what a site says comes first, then its location.
func TestHeaders_OfSiteAndLocation(t *testing.T) {
	const site = `set = { "X-A" = "site" }
      default = { "X-B" = "site" }
      add = { "X-C" = "site" }
      remove = ["X-D"]`
	for _, c := range []struct{ name, location, want string }{
		{"nothing", "", "set X-A=site, default X-B=site, add X-C=site, remove X-D"},
		{"something else", `response_headers { set = { "x-e" = "1" } }`, "set X-A=site, set X-E=1, default X-B=site, add X-C=site, remove X-D"},
		{"set again", `response_headers { set = { "x-a" = "1", "X-B" = "1", "X-C" = "1", "X-D" = "1" } }`, "set X-B=1, set X-C=1, set X-D=1, set X-A=1, remove X-D"},
		{"default over set, default, add", `response_headers { default = { "X-A" = "1", "X-B" = "1", "X-C" = "1" } }`, "set X-A=site, default X-B=1, add X-C=site, remove X-D"},
		{"add", `response_headers { add = { "X-A" = "1", "X-C" = "1" } }`, "set X-A=site, default X-B=site, add X-C=site, add X-A=1, add X-C=1, remove X-D"},
		{"remove", `response_headers { remove = ["x-a", "x-b", "x-c", "x-d"] }`, "remove X-D, remove X-A, remove X-B, remove X-C"},
		{"switched off", `response_headers { enabled = false }`, "none"},
	} {
		config := mustLoad(t, "listener \"http\" {\n  address = \":80\"\n}\nsite \"x\" {\n  response_headers {\n"+site+"\n  }\n  location \"/\" {\n    respond {}\n    "+
			c.location+"\n  }\n}\n")
		if diff := cmp.Diff(c.want, edits(config.Sites[0].Locations[0].ResponseHeaders)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}
