package certificates

import "time"

// checkEvery is how often handshakes look whether files have changed; while
// nobody comes, nobody looks.
const checkEvery = 5 * time.Second

// refresh reads what has changed, at most once per checkEvery. A pair that
// cannot be used leaves the one before in use, and is said once.
func (s *Set) refresh() {
	now, last := s.now().UnixNano(), s.checked.Load()
	if now-last < int64(checkEvery) || !s.checked.CompareAndSwap(last, now) || !s.mu.TryLock() {
		return
	}
	defer s.mu.Unlock()
	before := s.state.Load()
	next := &state{pairs: make([]*pair, len(before.pairs))}
	changed := false
	for i, p := range before.pairs {
		next.pairs[i] = s.refreshed(p)
		changed = changed || next.pairs[i] != p
	}
	next.authorities = s.refreshedAuthorities(before.authorities)
	if !changed && next.authorities == before.authorities {
		return
	}
	if err := s.install(next); err != nil {
		s.logger.Error("certificates not replaced", "error", err)
	}
}

// refreshed gives the pair as its files are now, or the same one.
func (s *Set) refreshed(p *pair) *pair {
	stamps := p.files.stamps()
	if p.seen == stamps {
		return p
	}
	next, err := loadPair(p.files)
	if err != nil {
		s.logger.Error("changed certificate not usable: the one before stays in use", "error", err)
		kept := *p
		kept.seen = stamps
		return &kept
	}
	s.logger.Info("certificate replaced: its file has changed", "certificate", p.files.Certificate,
		"expires", next.certificate.Leaf.NotAfter.UTC().Format(time.RFC3339))
	return next
}

func (s *Set) refreshedAuthorities(a *authorities) *authorities {
	if a == nil {
		return nil
	}
	now := stampOf(s.config.Authorities)
	if a.seen == now {
		return a
	}
	next, err := loadAuthorities(s.config.Authorities)
	if err != nil {
		s.logger.Error("changed client authorities not usable: those before stay in use", "error", err)
		return &authorities{seen: now, pool: a.pool}
	}
	s.logger.Info("client authorities replaced: their file has changed", "file", s.config.Authorities)
	return next
}
