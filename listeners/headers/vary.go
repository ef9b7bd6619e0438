package headers

import (
	"net/http"
	"strings"
)

// AddVary says that a response depends on a field of its request (RFC 9110,
// section 12.5.5); name is canonical. What says so already is left alone.
func AddVary(h http.Header, name string) {
	before := h["Vary"]
	for _, value := range before {
		for item := range strings.SplitSeq(value, ",") {
			if item = strings.TrimSpace(item); item == "*" || strings.EqualFold(item, name) {
				return
			}
		}
	}
	if len(before) == 1 && before[0] != "" {
		h["Vary"] = []string{before[0] + ", " + name}
		return
	}
	h["Vary"] = append(before[:len(before):len(before)], name)
}
