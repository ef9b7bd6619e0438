package static

import (
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// handle is an open file that one request at a time reads: sendfile moves the
// position of a file, so that requests cannot share one.
type handle struct {
	file     *os.File
	position int64 // where the next read begins
}

func (h *handle) close() { _ = h.file.Close() } // it was only read

// mostHandles is how many open files of one name are kept for the next
// requests. A request beyond them opens the file again.
const mostHandles = 16

// handles are the open files of one file that no request has. A request takes
// one out and puts it back, so that nobody else can close it meanwhile.
type handles struct {
	mu      sync.Mutex
	free    []*handle
	used    time.Time // when the last one was put back
	retired bool      // none is kept any more
}

// take returns an open file, nil when there is none.
func (s *handles) take(open *atomic.Int64) *handle {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.free)
	if n == 0 {
		return nil
	}
	taken := s.free[n-1]
	s.free[n-1] = nil
	s.free = s.free[:n-1]
	open.Add(-1)
	return taken
}

// put keeps an open file for the next request; false: there is no room for it.
// open counts those that are kept, of all files.
func (s *handles) put(h *handle, now time.Time, open *atomic.Int64, most int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.retired || len(s.free) >= mostHandles {
		return false
	}
	if open.Add(1) > most {
		open.Add(-1)
		return false
	}
	s.free = append(s.free, h)
	s.used = now
	return true
}

// retire closes what is kept and keeps nothing any more: the file is another one.
func (s *handles) retire(open *atomic.Int64) {
	s.mu.Lock()
	free := s.free
	s.free, s.retired = nil, true
	s.mu.Unlock()
	closeAll(free, open)
}

// rest closes what is kept, when nobody took or brought one since before.
func (s *handles) rest(before time.Time, open *atomic.Int64) {
	s.mu.Lock()
	var free []*handle
	if !s.used.After(before) {
		free, s.free = s.free, nil
	}
	s.mu.Unlock()
	closeAll(free, open)
}

func (s *handles) isRetired() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.retired
}

func closeAll(free []*handle, open *atomic.Int64) {
	for _, h := range free {
		h.close()
		open.Add(-1)
	}
}
