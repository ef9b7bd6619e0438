package exchange

import (
	"net/http"
	"testing"
	"time"

	"github.com/appserve/appserve/listeners/cors"
	"github.com/appserve/appserve/listeners/errorpage"
	"github.com/appserve/appserve/listeners/headers"
	"github.com/appserve/appserve/listeners/variable"
)

// BenchmarkResponses is what the rules of a response cost a request.
func BenchmarkResponses(b *testing.B) {
	must := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	policy, err := cors.New(cors.Config{Origins: []string{"https://a.example"}, Credentials: true})
	must(err)
	constant, err := headers.New(headers.Config{Set: []headers.Field{
		{Name: "X-Frame-Options", Value: variable.Text("DENY")}, {Name: "X-Content-Type-Options", Value: variable.Text("nosniff")},
		{Name: "Strict-Transport-Security", Value: variable.Text("max-age=31536000")},
	}})
	must(err)
	rendered, err := variable.Compile([]variable.Part{{Variable: "request_id"}})
	must(err)
	variables, err := headers.New(headers.Config{Set: []headers.Field{{Name: "X-Request-Id", Value: rendered}}})
	must(err)
	pages, err := errorpage.New([]errorpage.Config{{For: "5xx", Intercept: true}})
	must(err)
	r := request("GET", "/")
	r.Header = http.Header{"Origin": {"https://a.example"}, "Accept": {"*/*"}}
	for _, c := range []struct {
		name string
		Responses
	}{
		{"none", Responses{}},
		{"three constant headers", Responses{Headers: constant}},
		{"a header with a variable", Responses{Headers: variables}},
		{"cors", Responses{CORS: policy}},
		{"error page", Responses{ErrorPages: pages}},
	} {
		b.Run(c.name, func(b *testing.B) {
			maker := NewMaker(nil, time.Now)
			w := &nowhere{header: http.Header{}}
			route := &Route{Site: "s", Location: "/", Responses: c.Responses}
			b.ReportAllocs()
			for b.Loop() {
				clear(w.header)
				x := maker.Begin(w, r, &testPeer)
				x.Locate(route, 0, nil)
				x.WriteHeader(http.StatusOK)
				x.Finish(0, 0)
			}
		})
	}
}
