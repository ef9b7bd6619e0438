// Package cors owns which pages of other origins may call a location from a
// browser (Fetch standard, CORS protocol): it answers their preflight requests
// and says in every response whether its page may read it. It refuses to keep
// anybody out: a client that is no browser calls what it likes, and access
// rules are for that.
package cors

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/appserve/appserve/listeners/headers"
)

// Config says who may do what.
type Config struct {
	Origins     []string // "https://app.example.com" as browsers write it, or "*" alone
	Headers     []string // request fields beside those that are always allowed; "*": any
	Methods     []string
	Credentials bool          // cookies and passwords may be sent along; not with "*"
	MaxAge      time.Duration // how long a preflight's answer may be remembered; whole seconds
}

// Policy is a compiled Config. It is immutable and safe for concurrent use; a
// nil one says nothing.
type Policy struct {
	origins     []string
	any         bool     // "*"
	methods     []string // the value of a field each
	headers     []string
	maxAge      []string
	credentials []string // nil: not allowed
	vary        []string
}

var errCredentials = errors.New(`credentials and "*" exclude each other`)

// New compiles a policy.
func New(c Config) (*Policy, error) {
	p := &Policy{origins: slices.Clone(c.Origins), any: slices.Contains(c.Origins, "*"), vary: []string{"Origin"}}
	if c.Credentials && (p.any || slices.Contains(c.Headers, "*") || slices.Contains(c.Methods, "*")) {
		return nil, errCredentials
	}
	if c.Credentials {
		p.credentials = []string{"true"}
	}
	p.methods = list(c.Methods)
	p.headers = list(c.Headers)
	p.maxAge = []string{strconv.FormatInt(int64(c.MaxAge/time.Second), 10)}
	return p, nil
}

func list(items []string) []string {
	if len(items) == 0 {
		return nil
	}
	return []string{strings.Join(items, ", ")}
}

// Allowed gives the origin of a request if it is one that may call; else nil.
// The result is the value for Access-Control-Allow-Origin, not to be written to.
func (p *Policy) Allowed(request http.Header) []string {
	if p == nil {
		return nil
	}
	origin := request["Origin"]
	if len(origin) != 1 {
		return nil
	}
	if p.any {
		return []string{"*"}
	}
	for i, known := range p.origins {
		if known == origin[0] {
			return p.origins[i : i+1 : i+1]
		}
	}
	return nil
}

// Mark writes into the header of a response what Allowed said of its request.
// What an application says itself is replaced: two opinions mean none to a
// browser. Where the answer depends on the origin, caches are told.
func (p *Policy) Mark(response http.Header, allowed []string) {
	if p == nil {
		return
	}
	delete(response, "Access-Control-Allow-Origin")
	delete(response, "Access-Control-Allow-Credentials")
	switch {
	case p.any:
	case len(response["Vary"]) == 0:
		response["Vary"] = p.vary[:1:1]
	default:
		headers.AddVary(response, "Origin")
	}
	if allowed == nil {
		return
	}
	response["Access-Control-Allow-Origin"] = allowed
	set(response, "Access-Control-Allow-Credentials", p.credentials)
}
