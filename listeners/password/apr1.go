package password

import (
	"crypto/md5"
	"errors"
	"strings"
)

// apr1 is Apache's variant of md5-crypt: what htpasswd wrote by default for
// twenty years. It is weak by today's measure, and all over the place.
const (
	apr1Prefix  = "$apr1$"
	apr1Salt    = 8
	apr1Coded   = 22
	apr1Repeats = 1000
)

func splitAPR1(text string) (salt string, err error) {
	salt, coded, ok := strings.Cut(text[len(apr1Prefix):], "$")
	if !ok || len(salt) > apr1Salt || len(coded) != apr1Coded || !isCoded(coded) {
		return "", errors.New("this apr1 hash is damaged: $apr1$SALT$ is followed by 22 characters, as openssl passwd -apr1 writes it")
	}
	return salt, nil
}

func matchAPR1(text, password string) bool {
	salt, err := splitAPR1(text)
	if err != nil {
		return false
	}
	return same(text[len(text)-apr1Coded:], string(cryptAPR1([]byte(password), []byte(salt))))
}

func cryptAPR1(password, salt []byte) []byte {
	inner := md5.New()
	inner.Write(password)
	inner.Write(salt)
	inner.Write(password)

	outer := md5.New()
	outer.Write(password)
	outer.Write([]byte(apr1Prefix))
	outer.Write(salt)
	outer.Write(repeated(inner.Sum(nil), len(password)))
	for n := len(password); n > 0; n >>= 1 {
		if n&1 != 0 {
			outer.Write([]byte{0})
		} else {
			outer.Write(password[:1])
		}
	}
	a := outer.Sum(nil)
	h := md5.New()
	for i := range apr1Repeats {
		h.Reset()
		if i%2 != 0 {
			h.Write(password)
		} else {
			h.Write(a)
		}
		if i%3 != 0 {
			h.Write(salt)
		}
		if i%7 != 0 {
			h.Write(password)
		}
		if i%2 != 0 {
			h.Write(a)
		} else {
			h.Write(password)
		}
		a = h.Sum(a[:0])
	}
	return codeAPR1(a)
}

func codeAPR1(a []byte) []byte {
	out := make([]byte, 0, apr1Coded)
	for i := range 5 {
		last := i + 12
		if last == 16 {
			last = 5
		}
		out = append24(out, a[i], a[i+6], a[last], 4)
	}
	return append24(out, 0, 0, a[11], 2)
}
