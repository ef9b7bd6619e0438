package exchange

import "time"

// upstreamReport is what an upstream tells about a request.
type upstreamReport struct {
	name, address string
	status        int
	duration      time.Duration // negative: not observed
}

// ObserveQueue says how long the request waited for a slot.
func (x *Exchange) ObserveQueue(d time.Duration) { x.queue = d }

// ObserveApp says how long the application worked on it.
func (x *Exchange) ObserveApp(d time.Duration) { x.app = d }

// ObserveWorker says which pool ran it, and in which slot.
func (x *Exchange) ObserveWorker(pool, worker string) { x.pool, x.worker = pool, worker }

// ObserveUpstream says which upstream answered, from where, with what status
// (0: none) and after how long.
func (x *Exchange) ObserveUpstream(name, addr string, status int, d time.Duration) {
	x.upstream = upstreamReport{name, addr, status, d}
}

// SetAttempts says how often the request was tried.
func (x *Exchange) SetAttempts(n int) { x.attempts = n }

// Finished implements accesslog.Entry: when the request ended.
func (x *Exchange) Finished() time.Time { return x.end }

// Durations implements accesslog.Entry.
func (x *Exchange) Durations() (total, queue, app time.Duration) {
	return x.end.Sub(x.start), x.queue, x.app
}
