package password

import (
	"crypto/sha512"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// sha512-crypt as its author specified it: https://www.akkadia.org/drepper/SHA-crypt.txt
const (
	sha512Prefix  = "$6$"
	roundsPrefix  = "rounds="
	defaultRounds = 5000
	leastRounds   = 1000
	mostRounds    = 5_000_000 // some seconds; a login that takes longer is a mistake
	longestSalt   = 16
	sha512Coded   = 86
)

// splitSHA512 reads rounds and salt.
func splitSHA512(text string) (rounds int, salt string, err error) {
	rest := text[len(sha512Prefix):]
	rounds = defaultRounds
	if after, ok := strings.CutPrefix(rest, roundsPrefix); ok {
		var number string
		number, rest, _ = strings.Cut(after, "$")
		if rounds, err = strconv.Atoi(number); err != nil || rounds < leastRounds || rounds > mostRounds {
			return 0, "", fmt.Errorf("this sha512-crypt hash has %q rounds; there are %d to %d", number, leastRounds, mostRounds)
		}
	}
	salt, coded, ok := strings.Cut(rest, "$")
	if !ok || len(salt) > longestSalt || len(coded) != sha512Coded || !isCoded(coded) {
		return 0, "", errors.New("this sha512-crypt hash is damaged: $6$SALT$ is followed by 86 characters, as openssl passwd -6 writes it")
	}
	return rounds, salt, nil
}

func matchSHA512(text, password string) bool {
	rounds, salt, err := splitSHA512(text)
	if err != nil {
		return false
	}
	coded := text[len(text)-sha512Coded:]
	return same(coded, string(cryptSHA512([]byte(password), []byte(salt), rounds)))
}

// cryptSHA512 follows the steps of the specification; their numbers are in the comments.
func cryptSHA512(password, salt []byte, rounds int) []byte {
	inner := sha512.New() // 4-8
	inner.Write(password)
	inner.Write(salt)
	inner.Write(password)
	b := inner.Sum(nil)

	outer := sha512.New() // 1-3, 9-12
	outer.Write(password)
	outer.Write(salt)
	outer.Write(repeated(b, len(password)))
	for n := len(password); n > 0; n >>= 1 {
		if n&1 != 0 {
			outer.Write(b)
		} else {
			outer.Write(password)
		}
	}
	a := outer.Sum(nil)

	dp := sha512.New() // 13-16
	for range password {
		dp.Write(password)
	}
	p := repeated(dp.Sum(nil), len(password))

	ds := sha512.New() // 17-20
	for range 16 + int(a[0]) {
		ds.Write(salt)
	}
	s := repeated(ds.Sum(nil), len(salt))
	return codeSHA512(rehash(a, p, s, rounds))
}

// rehash is step 21.
func rehash(a, p, s []byte, rounds int) []byte {
	h := sha512.New()
	for i := range rounds {
		h.Reset()
		if i%2 != 0 {
			h.Write(p)
		} else {
			h.Write(a)
		}
		if i%3 != 0 {
			h.Write(s)
		}
		if i%7 != 0 {
			h.Write(p)
		}
		if i%2 != 0 {
			h.Write(a)
		} else {
			h.Write(p)
		}
		a = h.Sum(a[:0])
	}
	return a
}

// repeated is n bytes of b after b.
func repeated(b []byte, n int) []byte {
	out := make([]byte, 0, n)
	for len(out) < n {
		out = append(out, b[:min(len(b), n-len(out))]...)
	}
	return out
}

// codeSHA512 is step 22: the bytes in their own order.
func codeSHA512(a []byte) []byte {
	out := make([]byte, 0, sha512Coded)
	i, j, k := 0, 21, 42
	for range 21 {
		out = append24(out, a[i], a[j], a[k], 4)
		i, j, k = j+1, k+1, i+1
	}
	return append24(out, 0, 0, a[63], 2)
}
