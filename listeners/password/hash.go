// Package password owns the hashes that users' passwords are kept as: bcrypt,
// sha512-crypt and apr1, the ones that htpasswd and openssl passwd write. It
// refuses plain text, and what was broken long ago (crypt(3) with DES, {SHA}).
package password

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/bcrypt"
)

// Hash is a password as it is kept.
type Hash struct {
	text  string // all of it
	check func(text, password string) bool
}

// errPlain is the answer to a password that nobody hashed.
var errPlain = errors.New("this is not a hash of a password; write what `htpasswd -nbB NAME PASSWORD` prints after the colon")

// Parse reads a hash. Its errors do not show it: it may be a password.
func Parse(text string) (Hash, error) {
	switch {
	case hasPrefix(text, "$2y$", "$2a$", "$2b$"):
		return parseBcrypt(text)
	case strings.HasPrefix(text, sha512Prefix):
		if _, _, err := splitSHA512(text); err != nil {
			return Hash{}, err
		}
		return Hash{text, matchSHA512}, nil
	case strings.HasPrefix(text, apr1Prefix):
		if _, err := splitAPR1(text); err != nil {
			return Hash{}, err
		}
		return Hash{text, matchAPR1}, nil
	case hasPrefix(text, "$1$", "$5$", "$7$", "$y$", "$2$", "$2x$", "$argon2", "$scrypt$", "{"):
		kind := text[:strings.IndexAny(text[1:], "$}")+2]
		return Hash{}, fmt.Errorf("hashes of the kind %s are not known here; bcrypt ($2y$), sha512-crypt ($6$) and apr1 ($apr1$) are", kind)
	}
	return Hash{}, errPlain
}

func hasPrefix(text string, prefixes ...string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(text, p) {
			return true
		}
	}
	return false
}

// mostCost is that of a check that takes some seconds, as many as the most
// rounds of sha512-crypt do. At 31 one login would keep a processor for a day.
const mostCost = 16

func parseBcrypt(text string) (Hash, error) {
	cost, err := bcrypt.Cost([]byte(text))
	if err != nil || len(text) != 60 {
		return Hash{}, errors.New("this bcrypt hash is damaged: it has 60 characters, as htpasswd -B writes it")
	}
	if cost > mostCost {
		return Hash{}, fmt.Errorf("this bcrypt hash has the cost %d; %d is the most, htpasswd -B -C 12 is much already", cost, mostCost)
	}
	return Hash{text, matchBcrypt}, nil
}

// matchBcrypt compares in constant time; bcrypt itself reads 72 bytes.
func matchBcrypt(text, password string) bool {
	return bcrypt.CompareHashAndPassword([]byte(text), []byte(password)) == nil
}

// Matches reports whether the password is the right one. It takes as long as
// the hash was made to take, right or wrong.
func (h Hash) Matches(password string) bool { return h.check(h.text, password) }

// Work is about how long a check takes, in microseconds: to compare hashes with,
// not clocks.
func (h Hash) Work() int64 {
	switch {
	case strings.HasPrefix(h.text, sha512Prefix):
		rounds, _, _ := splitSHA512(h.text) // it was parsed
		return int64(rounds) / 4
	case strings.HasPrefix(h.text, apr1Prefix):
		return apr1Repeats / 8
	case h.text == "":
		return 0
	}
	cost, _ := bcrypt.Cost([]byte(h.text))
	return 64 << cost
}

// Text is the hash as it was written.
func (h Hash) Text() string { return h.text }

// same compares without telling where a difference is.
func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// alphabet is the base 64 of crypt(3), which is its own.
const alphabet = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// append24 appends n characters of 24 bits, the lowest first.
func append24(dst []byte, b2, b1, b0 byte, n int) []byte {
	w := uint32(b2)<<16 | uint32(b1)<<8 | uint32(b0)
	for range n {
		dst = append(dst, alphabet[w&63])
		w >>= 6
	}
	return dst
}

// isCoded reports whether s is of the alphabet.
func isCoded(s string) bool {
	for i := range len(s) {
		if strings.IndexByte(alphabet, s[i]) < 0 {
			return false
		}
	}
	return true
}
