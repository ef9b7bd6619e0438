package exchange

import (
	"regexp"
	"testing"
	"time"

	"github.com/appserve/appserve/listeners/variable"
)

func TestVariables(t *testing.T) {
	r := request("GET", "/app//x%20y?a=1&B=%20&c")
	r.Host = "Example.com:8000"
	r.Header.Set("User-Agent", "curl/8")
	r.Header.Set("Authorization", "Basic YWxpY2U6c2VjcmV0")
	r.Header["Cookie"] = []string{"a=1; session=x=y", "b=2"}
	r.Header["X-Twice"] = []string{"1", "2"}
	x, _ := begin(t, r, &Route{Site: "shop", Location: "/app"}, 4)
	x.ObserveQueue(12 * time.Millisecond)
	x.ObserveApp(time.Second)
	x.ObserveWorker("django", "1")
	x.ObserveUpstream("backend", "10.0.0.1:80", 502, 3*time.Millisecond)
	x.SetAttempts(2)
	x.SetReason("bad_response")
	x.Header().Set("X-Note", "n")
	_, _ = x.WriteString("hello")
	x.sent, x.received = 150, 99
	for name, want := range map[string]string{
		"remote_addr": "192.0.2.7", "remote_port": "50123", "remote_user": "alice", "host": "example.com", "scheme": "http",
		"method": "GET", "request_uri": "/app//x%20y?a=1&B=%20&c", "path": "/app/x y", "rest": "/x y", "args": "a=1&B=%20&c",
		"request": "GET /app//x%20y?a=1&B=%20&c HTTP/1.1", "protocol": "HTTP/1.1", "server_port": "8000", "status": "200",
		"bytes_sent": "150", "body_bytes_sent": "5", "request_length": "99", "queue_time": "0.012", "app_time": "1.000",
		"worker": "1", "pool": "django", "upstream": "backend", "upstream_addr": "10.0.0.1:80", "upstream_status": "502",
		"upstream_time": "0.003", "site": "shop", "location": "/app", "request_id": x.RequestID(), "attempts": "2",
		"reason": "bad_response", "match_1": "", "tls_version": "", "tls_sni": "", "tls_client_subject": "",
		"http_user_agent": "curl/8", "http_host": "Example.com:8000", "http_x_twice": "1, 2", "http_cookie": "a=1; session=x=y; b=2",
		"http_absent": "", "sent_http_x_note": "n", "cookie_session": "x=y", "cookie_b": "2", "cookie_none": "",
		"arg_a": "1", "arg_b": "%20", "arg_c": "", "arg_d": "",
	} {
		if got := value(t, x, name); got != want {
			t.Errorf("$%s = %q, want %q", name, got, want)
		}
	}
	for name, pattern := range map[string]string{
		"request_start": `^\d{10}\.\d{3}$`, "request_time": `^\d+\.\d{3}$`, "time_local": `^\d\d/[A-Z]`, "time_iso8601": `^\d{4}-\d\d-\d\dT`,
	} {
		if got := value(t, x, name); !regexp.MustCompile(pattern).MatchString(got) {
			t.Errorf("$%s = %q", name, got)
		}
	}
}

// value renders a variable as a configuration names it.
func value(t *testing.T, x *Exchange, name string) string {
	t.Helper()
	part := variable.Part{Variable: name}
	for _, free := range []string{"sent_http_", "http_", "cookie_", "arg_", "match_"} {
		if len(name) > len(free) && name[:len(free)] == free {
			part = variable.Part{Variable: free, Argument: name[len(free):]}
			break
		}
	}
	template, err := variable.Compile([]variable.Part{part})
	if err != nil {
		t.Fatal(err)
	}
	return string(template.Append(nil, x, variable.Plain))
}

// A request that was not understood has a log line too.
func TestVariablesOfARefusal(t *testing.T) {
	maker := NewMaker(nil, time.Now)
	x := maker.Refused(&testPeer, 400, ReasonBadRequest)
	for id := variable.None + 1; id <= variable.TLSClientFingerprint; id++ {
		x.AppendVariable(nil, id, "X") // must not panic
	}
	for name, want := range map[string]string{"request": "", "status": "400", "reason": "bad_request", "remote_addr": "192.0.2.7", "upstream_time": ""} {
		if got := value(t, x, name); got != want {
			t.Errorf("$%s = %q, want %q", name, got, want)
		}
	}
}

func TestStatusWithoutAnAnswer(t *testing.T) {
	x, _ := begin(t, request("GET", "/"), nil, 0)
	if got := value(t, x, "status"); got != "000" {
		t.Errorf("$status = %q", got)
	}
}

func TestBasicUser(t *testing.T) {
	for field, want := range map[string]string{
		"": "", "Basic": "", "Bearer YTpi": "", "Basic !!!": "", "basic YTpi": "a", "Basic   YTpi": "a", "Basic YQ==": "a",
	} {
		if got := basicUser(field); got != want {
			t.Errorf("%q: %q, want %q", field, got, want)
		}
	}
}
