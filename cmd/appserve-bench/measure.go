package main

import (
	"context"
	"fmt"
	"time"
)

// meter loads servers and reads what that cost them.
type meter struct {
	loader      loader
	connections int
}

// settle is the time in which a server may tidy up after ten thousand
// connections came, before its memory is read.
const settle = time.Second

// warmUp is the load before the first round: caches, allocators, adaptive
// servers; nothing of it is counted.
const warmUp = time.Second

// measure loads srv with w once; beside idle connections and before without
// them, where w has some.
func (m meter) measure(ctx context.Context, srv *server, w work) (sample, error) {
	if w.idle == 0 {
		return m.measureLoad(ctx, srv, w)
	}
	alone, err := m.measureLoad(ctx, srv, w)
	if err != nil {
		return sample{}, err
	}
	idle, err := openCrowd(ctx, srv.setup.address(), w.path, w.idle)
	if err != nil {
		return sample{}, err
	}
	defer idle.close()
	if err := pause(ctx, settle); err != nil {
		return sample{}, err
	}
	rss := frontSize(srv)
	s, err := m.measureLoad(ctx, srv, w)
	if err != nil {
		return sample{}, err
	}
	if gone := idle.gone(); gone > 0 {
		return sample{}, fmt.Errorf("%d of %d idle connections were ended", gone, w.idle)
	}
	s.Idle = &idleSample{CPUAlone: alone.CPU, RSS: float64(rss-srv.baseline) / float64(w.idle)}
	return s, nil
}

// measureLoad loads srv with w once.
func (m meter) measureLoad(ctx context.Context, srv *server, w work) (sample, error) {
	before, err := readProcesses("/proc")
	if err != nil {
		return sample{}, err
	}
	watch := watchFront(srv)
	l, err := m.load(ctx, srv, w, 0)
	rss := watch.stop()
	if err != nil {
		return sample{}, err
	}
	after, err := readProcesses("/proc")
	if err != nil {
		return sample{}, err
	}
	if dead := srv.firstDead(); dead != "" {
		return sample{}, fmt.Errorf("%s ended under load%s", dead, srv.complaints())
	}
	if l.requests == 0 {
		return sample{}, fmt.Errorf("not one request was answered%s", srv.complaints())
	}
	roots := srv.roots()
	s := sample{
		Rate:   l.rate,
		P50:    microseconds(l.p50),
		P99:    microseconds(l.p99),
		RSS:    rss,
		CPU:    microseconds(after.cpu(roots)-before.cpu(roots)) / float64(l.requests),
		Errors: l.errors,
	}
	return s, nil
}

// load runs wrk, for duration when that is not 0.
func (m meter) load(ctx context.Context, srv *server, w work, duration time.Duration) (load, error) {
	return m.loader.run(ctx, w, srv.url(w), m.connectionsOf(w), duration)
}

// connectionsOf is how many connections load w.
func (m meter) connectionsOf(w work) int {
	if w.connections > 0 {
		return min(m.connections, w.connections)
	}
	return m.connections
}

func microseconds(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
