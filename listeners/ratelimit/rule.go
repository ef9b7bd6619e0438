package ratelimit

import (
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/appserve/appserve/listeners/exchange"
	"github.com/appserve/appserve/listeners/variable"
)

// Limit is one limit of a location.
type Limit struct {
	Name    string // for the log
	Zone    *Zone
	Key     *variable.Template
	Status  int      // of the answer to who comes too often
	Methods []string // that are counted; GET brings HEAD along; empty: all
	DryRun  bool     // only says what it would have refused
}

// Options are what a rule is made of.
type Options struct {
	Limits []Limit
	Logger hclog.Logger
	Now    func() time.Time // nil: the clock
}

// rule is a location behind its limits. A request has to keep all of them; one
// that breaks any is counted by none.
type rule struct {
	limits []limit
	logger hclog.Logger
	now    func() time.Time
	next   http.Handler
	keys   sync.Pool // of *[]byte: room to write a key
}

// limit is a Limit and what it has to say.
type limit struct {
	Limit
	refused atomic.Int64 // since the last line
	said    atomic.Int64 // when that was, in nanoseconds
}

// silence is how long the log is spared another line of one limit.
const silence = 10 * time.Second

// Wrap puts a location behind its limits; without any it is what it was.
func Wrap(o Options, next http.Handler) http.Handler {
	if len(o.Limits) == 0 {
		return next
	}
	a := &rule{limits: make([]limit, len(o.Limits)), logger: o.Logger, now: o.Now, next: next}
	for i := range o.Limits {
		a.limits[i].Limit = o.Limits[i]
	}
	if a.now == nil {
		a.now = time.Now
	}
	return a
}

// ServeHTTP implements http.Handler.
func (a *rule) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x, now := exchange.From(w), a.now()
	for i := range a.limits {
		l := &a.limits[i]
		if !l.counts(r.Method) {
			continue
		}
		wait, ok := a.take(l, x, now)
		if ok {
			continue
		}
		a.tell(l, now)
		if l.DryRun {
			continue
		}
		a.giveBack(i, x, r.Method)
		x.Header()["Retry-After"] = []string{strconv.FormatInt(int64((wait+time.Second-1)/time.Second), 10)}
		x.Fail(l.Status, exchange.ReasonRateLimited)
		return
	}
	a.next.ServeHTTP(w, r)
}

// take counts a request; one without a key does not count.
func (a *rule) take(l *limit, x *exchange.Exchange, now time.Time) (wait time.Duration, ok bool) {
	room, held := a.keys.Get().(*[]byte)
	if !held {
		room = new([]byte)
	}
	defer a.keys.Put(room)
	*room = l.Key.Append((*room)[:0], x, variable.Plain)
	if len(*room) == 0 {
		return 0, true
	}
	return l.Zone.Take(*room, now)
}

// giveBack undoes what the limits before the one that refused have counted. A
// dry run keeps its count: it may not have had one to give back.
func (a *rule) giveBack(refused int, x *exchange.Exchange, method string) {
	for i := range refused {
		l := &a.limits[i]
		if l.DryRun || !l.counts(method) {
			continue
		}
		if key := l.Key.Append(nil, x, variable.Plain); len(key) > 0 {
			l.Zone.GiveBack(key)
		}
	}
}

// counts reports whether requests of a method count.
func (l *Limit) counts(method string) bool {
	return len(l.Methods) == 0 || slices.Contains(l.Methods, method) ||
		method == http.MethodHead && slices.Contains(l.Methods, http.MethodGet)
}

// tell writes once in a while what a limit refuses, or would.
func (a *rule) tell(l *limit, now time.Time) {
	l.refused.Add(1)
	said := l.said.Load()
	if now.UnixNano()-said < int64(silence) || !l.said.CompareAndSwap(said, now.UnixNano()) {
		return
	}
	text := "requests refused: they come too often (this line once every 10s)"
	if l.DryRun {
		text = "requests come too often; they pass, because this is a dry run (this line once every 10s)"
	}
	a.logger.Warn(text, "rate_limit", l.Name, "since", l.refused.Swap(0))
}
