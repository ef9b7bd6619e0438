package listeners

import (
	"errors"
	"fmt"

	"github.com/appserve/appserve/listeners/routing"
	"github.com/appserve/appserve/listeners/socket"
)

// Transition is a prepared change of sockets: Commit or Abort it.
type Transition struct {
	server *Server
	doors  map[string]*planned // by identity
	opened []*planned
}

// planned is a socket of the coming generation.
type planned struct {
	door     *door
	spec     socket.Spec
	rows     rows
	arrivals *arrivals
	terms    *terms
	fresh    bool
}

var (
	errPending  = errors.New("another transition is open")
	errStopping = errors.New("the server is stopping")
)

// Prepare binds what the listeners need and the server does not have yet; a
// socket whose address stays is kept. New sockets queue connections until
// Commit. On error nothing has changed; what an address causes is a *BindError.
func (s *Server) Prepare(ls []Listener) (*Transition, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping.Load() {
		return nil, errStopping
	}
	if s.pending != nil {
		return nil, errPending
	}
	t := &Transition{server: s, doors: map[string]*planned{}}
	for i := range ls {
		for _, address := range ls[i].Addresses {
			if err := t.plan(&ls[i], address, len(ls)); err != nil {
				t.undo()
				return nil, err
			}
		}
	}
	s.pending = t
	return t, nil
}

// plan keeps or opens one address.
func (t *Transition) plan(l *Listener, address Address, listeners int) error {
	spec := l.spec(address)
	p := &planned{spec: spec, rows: l.rows(), arrivals: l.arrivals(listeners), terms: l.terms()}
	identity := spec.Identity()
	if other, ok := t.doors[identity]; ok {
		return &BindError{spec, fmt.Errorf("listener %q (%s) has the same address", other.spec.Listener, other.spec.Declared)}
	}
	if d, ok := t.server.doors[identity]; ok && d.socket.Ours() {
		p.door = d
	} else {
		opened, err := socket.Open(t.server.system, spec)
		if err != nil {
			return &BindError{spec, t.server.explain(spec, err)}
		}
		p.door, p.fresh = newDoor(t.server, opened), true
		t.opened = append(t.opened, p)
	}
	t.doors[identity] = p
	return nil
}

// Commit makes the new sockets and the routes live: requests that begin after
// it see the new generation. It fails only before anything has changed, when a
// mode, an owner or a backlog cannot be applied; Abort is due then.
func (t *Transition) Commit(r *Routes) error {
	s := t.server
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pending != t {
		return errors.New("the transition is over")
	}
	if s.stopping.Load() {
		return errStopping
	}
	if err := t.adopt(); err != nil {
		return err
	}
	s.pending = nil
	removed, stale := t.install()
	before := s.live.Swap(t.live(r))
	for _, p := range t.opened {
		p.door.open()
	}
	for _, d := range removed {
		s.remove(d)
	}
	for _, e := range stale {
		e.stale.Store(true)
	}
	if before != nil {
		before.routes.release()
	}
	return nil
}

// adopt applies backlog and rights to the sockets that stay, all or none.
func (t *Transition) adopt() error {
	var undo []func()
	for _, p := range t.doors {
		if p.fresh {
			continue
		}
		back, err := p.door.socket.Adopt(p.spec)
		if err != nil {
			for _, f := range undo {
				f()
			}
			return &BindError{p.spec, err}
		}
		undo = append(undo, back)
	}
	return nil
}

// install makes the planned doors those of the server and gives what is over.
func (t *Transition) install() (removed []*door, stale []*engine) {
	s := t.server
	before := s.doors
	s.doors = map[string]*door{}
	for identity, p := range t.doors {
		p.door.label.Store(&p.spec.Listener)
		p.door.follow(p.arrivals, s.quotaOf(p.spec.Listener))
		p.door.agree(p.terms)
		e := p.door.engine.Load()
		if e == nil || e.rows != p.rows {
			p.door.engine.Store(newEngine(p.rows))
			if e != nil {
				stale = append(stale, e)
			}
		}
		s.doors[identity] = p.door
	}
	for identity, d := range before {
		if s.doors[identity] != d {
			removed = append(removed, d)
		}
	}
	return removed, stale
}

func (t *Transition) live(r *Routes) *live {
	l := &live{routes: r, tables: map[*door]*routing.Hosts[*site]{}}
	for _, p := range t.doors {
		l.tables[p.door] = r.hosts[p.spec.Listener]
	}
	return l
}

// remove closes a socket that is no longer configured. Its connections leave:
// idle ones now, busy ones after their response.
func (s *Server) remove(d *door) {
	if err := d.shut(); err != nil {
		s.logger.Warn("closing a socket", "listener", d.name(), "error", err)
	}
	d.engine.Load().stale.Store(true)
	for _, c := range s.conns.all(func(c connection) bool { return c.through() == d }) {
		c.retire()
	}
	s.logger.Info("stopped listening", "listener", d.name(), "address", d.socket.Spec().Text)
}

// Abort undoes Prepare. After Commit, or a second time, it does nothing.
func (t *Transition) Abort() {
	t.server.mu.Lock()
	defer t.server.mu.Unlock()
	if t.server.pending != t {
		return
	}
	t.server.pending = nil
	t.undo()
}

func (t *Transition) undo() {
	for _, p := range t.opened {
		if err := p.door.socket.Close(); err != nil {
			t.server.logger.Warn("closing a socket", "listener", p.spec.Listener, "error", err)
		}
	}
	t.opened = nil
}
