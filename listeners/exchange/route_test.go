package exchange

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/appserve/appserve/listeners/cors"
	"github.com/appserve/appserve/listeners/errorpage"
	"github.com/appserve/appserve/listeners/headers"
	"github.com/appserve/appserve/listeners/variable"
)

// ruled is a route with all rules of a response.
func ruled(t *testing.T, intercept bool) *Route {
	t.Helper()
	compiled := func(parts ...variable.Part) *variable.Template {
		template, err := variable.Compile(parts)
		if err != nil {
			t.Fatal(err)
		}
		return template
	}
	policy, err := cors.New(cors.Config{Origins: []string{"https://a.example"}})
	if err != nil {
		t.Fatal(err)
	}
	edits, err := headers.New(headers.Config{
		Remove:  []string{"X-Powered-By"},
		Set:     []headers.Field{{Name: "X-Status", Value: compiled(variable.Part{Variable: "status"})}},
		Default: []headers.Field{{Name: "Cache-Control", Value: variable.Text("private")}},
		Add:     []headers.Field{{Name: "Vary", Value: variable.Text("Cookie")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	pages, err := errorpage.New([]errorpage.Config{
		{For: "404", Body: compiled(variable.Part{Literal: "<h1>"}, variable.Part{Variable: "status"}, variable.Part{Literal: " "}, variable.Part{Variable: "path"}), Intercept: intercept},
		{For: "503", Body: variable.Text("later"), ContentType: "text/plain", Status: 500},
		{For: "5xx", Intercept: intercept},
	})
	if err != nil {
		t.Fatal(err)
	}
	return &Route{Site: "s", Location: "/", Responses: Responses{CORS: policy, Headers: edits, ErrorPages: pages}}
}

func TestRulesOfAResponse(t *testing.T) {
	r := request("GET", "/a")
	r.Header.Set("Origin", "https://a.example")
	x, recorder := begin(t, r, ruled(t, false), 0)
	x.Request().Header.Del("Origin") // a rule may take it away
	x.Header().Set("X-Powered-By", "magic")
	x.Header().Set("Content-Length", "2")
	x.Header().Set("Access-Control-Allow-Origin", "*")
	if _, err := x.Write([]byte("ok")); err != nil {
		t.Fatal(err)
	}
	want := http.Header{
		"X-Status": {"200"}, "Cache-Control": {"private"}, "Vary": {"Origin", "Cookie"}, "Access-Control-Allow-Origin": {"https://a.example"},
		"Content-Length": {"2"}, "Content-Type": nil,
	}
	if diff := cmp.Diff(want, recorder.Header()); diff != "" {
		t.Error(diff)
	}
}

func TestRulesOfOurErrors(t *testing.T) {
	for _, c := range []struct {
		method         string
		status, sent   int
		contentType    string
		body           string
		accept, length string
	}{
		{"GET", 404, 404, "text/html; charset=utf-8", "<h1>404 /&lt;b&gt;", "", ""},
		{"HEAD", 404, 404, "text/html; charset=utf-8", "", "", "18"},
		{"GET", 503, 500, "text/plain", "later", "", ""},
		{"GET", 502, 502, "application/json", `"reason": "upstream_refused"`, "application/json", ""}, // built in
		{"GET", 403, 403, "text/plain; charset=utf-8", "403 Forbidden", "", ""},                       // has no page
	} {
		r := request(c.method, "/%3Cb%3E")
		r.Header.Set("Accept", c.accept)
		x, recorder := begin(t, r, ruled(t, false), 0)
		x.Header().Set("ETag", `"app"`)
		x.Fail(c.status, "upstream_refused")
		h, body := recorder.Header(), recorder.Body.String()
		if recorder.Code != c.sent || x.Status() != c.sent || x.Reason() != "upstream_refused" || h.Get("Content-Type") != c.contentType ||
			!strings.Contains(body, c.body) || c.length != "" && (h.Get("Content-Length") != c.length || body != "") {
			t.Errorf("%s %d: %d %v %q", c.method, c.status, recorder.Code, h, body)
		}
		if h.Get("X-Status") != strconv.Itoa(c.sent) || h.Get("Cache-Control") != "no-store" || h.Get("Etag") != "" {
			t.Errorf("%s %d: %v", c.method, c.status, h)
		}
	}
}

// What an application goes on to send after its answer was replaced goes
// nowhere, whichever way it sends it, and it is told that all is well.
func TestIntercept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("a page of the application"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, method := range []string{"GET", "HEAD"} {
		x, recorder := begin(t, request(method, "/x"), ruled(t, true), 0)
		for name, value := range map[string]string{
			"Content-Length": "9999", "Content-Encoding": "gzip", "ETag": `"1"`, "Last-Modified": "x", "Content-Type": "text/plain", "Set-Cookie": "a=1", "Cache-Control": "max-age=5",
		} {
			x.Header().Set(name, value)
		}
		x.WriteHeader(404)
		if n, err := x.Write([]byte("12345")); n != 5 || err != nil {
			t.Errorf("Write: %d, %v", n, err)
		}
		if n, err := x.WriteString("123"); n != 3 || err != nil {
			t.Errorf("WriteString: %d, %v", n, err)
		}
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		if n, err := io.CopyN(x, file, 6); n != 6 || err != nil {
			t.Errorf("ReadFrom: %d, %v", n, err)
		}
		want := http.Header{
			"Content-Length": {"10"}, "Content-Type": {"text/html; charset=utf-8"}, "Set-Cookie": {"a=1"}, "Cache-Control": {"max-age=5"},
			"X-Status": {"404"}, "Vary": {"Origin", "Cookie"},
		}
		if diff := cmp.Diff(want, recorder.Header()); diff != "" {
			t.Error(diff)
		}
		body := map[string]string{"GET": "<h1>404 /x", "HEAD": ""}[method]
		if recorder.Code != 404 || recorder.Body.String() != body || x.Reason() != ReasonIntercepted || x.body != int64(len(body)) {
			t.Errorf("%s: %d %q, reason %q, %d bytes", method, recorder.Code, recorder.Body, x.Reason(), x.body)
		}
	}
}

func TestInterceptLeavesAlone(t *testing.T) {
	for status, intercept := range map[int]bool{200: true, 301: true, 403: true, 404: false, 503: true} {
		x, recorder := begin(t, request("GET", "/"), ruled(t, intercept), 0)
		x.WriteHeader(status)
		_, _ = x.Write([]byte("the application's"))
		if recorder.Code != status || recorder.Body.String() != "the application's" || x.Reason() != "" {
			t.Errorf("%d: %d %q", status, recorder.Code, recorder.Body)
		}
	}
	x, recorder := begin(t, request("GET", "/"), ruled(t, true), 0)
	x.WriteHeader(502) // a class without content of its own
	if !strings.Contains(recorder.Body.String(), "502 Bad Gateway") || x.Reason() != ReasonIntercepted {
		t.Errorf("%q", recorder.Body)
	}
}

func TestResponseRulesCostNothingWithoutThem(t *testing.T) {
	x, _ := begin(t, request("GET", "/"), &Route{Site: "s"}, 0)
	if n := testing.AllocsPerRun(100, func() { x.editHead(); x.intercept(500) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
