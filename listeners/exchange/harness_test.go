package exchange

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/appserve/appserve/listeners/body"
	"github.com/appserve/appserve/listeners/canonical"
	"github.com/appserve/appserve/listeners/hygiene"
)

var testPeer = Peer{Scheme: "http", RemoteHost: "192.0.2.7", RemotePort: "50123", ServerPort: "8000"}

// begin starts an exchange on a recorded response, as the server does.
func begin(t *testing.T, r *http.Request, route *Route, matched int) (*Exchange, *httptest.ResponseRecorder) {
	t.Helper()
	recorder := httptest.NewRecorder()
	x := NewMaker(body.NewStore(body.Options{MemoryLimit: 1 << 20}), time.Now).Begin(recorder, r, &testPeer)
	q, refusal := hygiene.Check(r)
	if refusal.Status != 0 {
		t.Fatalf("%+v", refusal)
	}
	path, err := canonical.Path(q.Target)
	if err != nil {
		t.Fatal(err)
	}
	x.Understand(q, path)
	if route != nil {
		x.Locate(route, matched, nil)
	}
	return x, recorder
}

func request(method, target string) *http.Request {
	r := httptest.NewRequest(method, target, nil)
	r.Body = http.NoBody
	return r
}
