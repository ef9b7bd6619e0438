package exchange

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestPreferred(t *testing.T) {
	for accept, want := range map[string]pageKind{
		"":                                textPage,
		"*/*":                             textPage,
		"text/plain":                      textPage,
		"application/json":                jsonPage,
		"application/json, */*":           jsonPage,
		"Application/JSON; charset=utf-8": jsonPage,
		"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": htmlPage,
		"text/html;q=0.5, application/json":                               jsonPage,
		"application/json;q=0.5, text/html":                               htmlPage,
		"application/json, text/html":                                     jsonPage,
		"application/json;q=0":                                            textPage,
		"application/json;q=x":                                            textPage,
	} {
		if got := preferred([]string{accept}); got != want {
			t.Errorf("%q: %v, want %v", accept, got, want)
		}
	}
}

func TestFail(t *testing.T) {
	for accept, contentType := range map[string]string{
		"*/*": "text/plain; charset=utf-8", "text/html": "text/html; charset=utf-8", "application/json": "application/json",
	} {
		r := request("GET", "/secret/path?token=1")
		r.Header.Set("Accept", accept)
		x, recorder := begin(t, r, &Route{Site: "site", Location: "/secret"}, 0)
		x.Header().Set("ETag", `"1"`)
		x.Header().Set("Content-Encoding", "gzip")
		x.Header().Set("Content-Length", "3")
		x.Header().Set("Retry-After", "2")
		x.Fail(504, "request_timeout")
		response := recorder.Result()
		body := recorder.Body.String()
		if response.StatusCode != 504 || response.Header.Get("Content-Type") != contentType {
			t.Errorf("%s: %d %s", accept, response.StatusCode, response.Header.Get("Content-Type"))
		}
		if response.Header.Get("Etag")+response.Header.Get("Content-Encoding") != "" || response.Header.Get("Retry-After") != "2" {
			t.Errorf("%s: header %v", accept, response.Header)
		}
		if response.Header.Get("Content-Length") != strconv.Itoa(len(body)) {
			t.Errorf("%s: Content-Length %s of %d", accept, response.Header.Get("Content-Length"), len(body))
		}
		if !strings.Contains(body, x.RequestID()) || !strings.Contains(body, "504") {
			t.Errorf("%s: body %q", accept, body)
		}
		for _, secret := range []string{"secret", "token", "appserve", "site"} {
			if strings.Contains(body, secret) {
				t.Errorf("%s: %q is in the body", accept, secret)
			}
		}
		if x.Status() != 504 || x.Reason() != "request_timeout" || !x.HeadWritten() {
			t.Errorf("status %d reason %q", x.Status(), x.Reason())
		}
	}
}

func TestFailJSON(t *testing.T) {
	r := request("GET", "/")
	r.Header.Set("Accept", "application/json")
	x, recorder := begin(t, r, nil, 0)
	x.Fail(503, "queue_full")
	var got struct {
		Status    int    `json:"status"`
		Reason    string `json:"reason"`
		RequestID string `json:"request_id"`
	}
	if err := json.Unmarshal(recorder.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Status != 503 || got.Reason != "queue_full" || got.RequestID != x.RequestID() {
		t.Errorf("%+v", got)
	}
}

func TestFailToHead(t *testing.T) {
	x, recorder := begin(t, request("HEAD", "/"), nil, 0)
	x.Fail(404, ReasonNoSite)
	if recorder.Body.Len() != 0 || recorder.Header().Get("Content-Length") == "" {
		t.Errorf("%d bytes, Content-Length %q", recorder.Body.Len(), recorder.Header().Get("Content-Length"))
	}
}

// How long the file is, is what a 416 has to say (RFC 9110, section 15.5.17).
func TestFailKeepsContentRangeOf416(t *testing.T) {
	for status, want := range map[int]string{416: "bytes */5", 404: ""} {
		x, recorder := begin(t, request("GET", "/"), nil, 0)
		x.Header().Set("Content-Range", "bytes */5")
		x.Fail(status, "range_not_satisfiable")
		if got := recorder.Header().Get("Content-Range"); got != want || recorder.Body.Len() == 0 {
			t.Errorf("%d: Content-Range %q, want %q; %d bytes", status, got, want, recorder.Body.Len())
		}
	}
}

func TestFailAfterTheHeadAborts(t *testing.T) {
	x, recorder := begin(t, request("GET", "/"), nil, 0)
	x.WriteHeader(200)
	defer func() {
		if p := recover(); p != http.ErrAbortHandler {
			t.Errorf("panic %v", p)
		}
		if x.Reason() != "request_timeout" || recorder.Code != 200 {
			t.Errorf("reason %q, status %d", x.Reason(), recorder.Code)
		}
	}()
	x.Fail(504, "request_timeout")
}

func TestRawAnswer(t *testing.T) {
	got := string(AppendRawAnswer(nil, 431, ReasonHeaderTooLarge, "0123", time.Now()))
	head, body, _ := strings.Cut(got, "\r\n\r\n")
	if !strings.HasPrefix(head, "HTTP/1.1 431 Request Header Fields Too Large\r\n") || !strings.Contains(head, "Connection: close") {
		t.Errorf("head %q", head)
	}
	if !strings.HasSuffix(head, "Content-Length: "+strconv.Itoa(len(body))) {
		t.Errorf("head %q, %d bytes", head, len(body))
	}
}
