package basicauth

import (
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

// code is a hash that begins with the key: nobody ever sees one, so nobody can
// go on from it to another.
func (v *verified) code(user, hash, password string) code {
	room := make([]byte, 0, 256) // on the stack, as a rule
	room = append(room, v.key[:]...)
	room = append(append(room, user...), 0)
	room = append(append(room, hash...), 0)
	return sha256.Sum256(append(room, password...))
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
