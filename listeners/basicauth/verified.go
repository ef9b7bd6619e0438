package basicauth

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"sync"
)

// verified remembers which passwords were right, so that a browser that sends
// the same one with every request does not cost the time of a slow hash each
// time. It keeps no password: only a code of user, hash and password under a
// key of its own, so a changed hash is not found, nor one of another process.
type verified struct {
	key   [sha256.Size]byte
	mu    sync.RWMutex
	codes map[code]struct{}
}

type code [sha256.Size]byte

// remembered is how many passwords are remembered; when there are more, any of
// them is forgotten and checked once more.
const remembered = 4096

func newVerified() *verified {
	v := &verified{codes: map[code]struct{}{}}
	_, _ = rand.Read(v.key[:]) // it never fails
	return v
}

func (v *verified) code(user, hash, password string) (c code) {
	mac := hmac.New(sha256.New, v.key[:])
	buffer := make([]byte, 0, 256)
	buffer = append(append(buffer, user...), 0)
	buffer = append(append(buffer, hash...), 0)
	mac.Write(append(buffer, password...))
	mac.Sum(c[:0])
	return c
}

func (v *verified) has(c code) bool {
	v.mu.RLock()
	defer v.mu.RUnlock()
	_, ok := v.codes[c]
	return ok
}

func (v *verified) add(c code) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.codes) >= remembered {
		for one := range v.codes {
			delete(v.codes, one)
			break
		}
	}
	v.codes[c] = struct{}{}
}
