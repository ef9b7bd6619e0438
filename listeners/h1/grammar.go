package h1

import "encoding/binary"

// Classes of octets.
const (
	inToken  = 1 << iota // tchar: RFC 9110, section 5.6.2
	inTarget             // what a request target may consist of: anything but controls, blanks and DEL
	inHex
)

// octets says what every octet may be part of, canonical how it is written in
// the canonical form of a field name: at the beginning of a word, and inside.
var (
	octets    = classify()
	canonical = spell()
)

func classify() (table [256]uint8) {
	for c := range table {
		b := byte(c)
		digit, letter := '0' <= b && b <= '9', 'a' <= b|0x20 && b|0x20 <= 'z'
		if digit || letter {
			table[c] |= inToken
		}
		if digit || 'a' <= b|0x20 && b|0x20 <= 'f' {
			table[c] |= inHex
		}
		if b > ' ' && b != 0x7f {
			table[c] |= inTarget
		}
	}
	for _, c := range "!#$%&'*+-.^_`|~" {
		table[c] |= inToken
	}
	return table
}

func spell() (table [2][256]byte) {
	for c := range 256 {
		b := byte(c)
		table[0][c], table[1][c] = b, b
		if 'a' <= b && b <= 'z' {
			table[0][c] = b - 'a' + 'A'
		}
		if 'A' <= b && b <= 'Z' {
			table[1][c] = b - 'A' + 'a'
		}
	}
	return table
}

// isToken reports whether p is a token.
func isToken(p []byte) bool {
	for _, c := range p {
		if octets[c]&inToken == 0 {
			return false
		}
	}
	return len(p) > 0
}

func isTarget(p []byte) bool {
	for _, c := range p {
		if octets[c]&inTarget == 0 {
			return false
		}
	}
	return len(p) > 0
}

// nameEnd puts the field name at the beginning of a line into its canonical
// form, in place, and gives its length; -1 when there is no name with a colon
// right behind it.
func nameEnd(line []byte) int {
	word := 0 // 0 at the beginning of a word
	for i, c := range line {
		if octets[c]&inToken == 0 {
			if c != ':' || i == 0 {
				return -1
			}
			return i
		}
		line[i] = canonical[word][c]
		word = 1
		if c == '-' {
			word = 0
		}
	}
	return -1
}

// Eight octets at a time: what a word repeats, and the top bit of each octet.
const (
	ones  = 0x0101010101010101
	tops  = 0x8080808080808080
	blank = ones * ' '
	del   = ones * 0x7f
)

// isValue reports whether p has no controls but tabs (RFC 9110, section 5.5).
func isValue(p []byte) bool {
	for len(p) >= 8 {
		w := binary.LittleEndian.Uint64(p)
		d := w ^ del
		if ((w-blank)&^w|(d-ones)&^d)&tops != 0 && !isValueSlow(p[:8]) {
			return false
		}
		p = p[8:]
	}
	return isValueSlow(p)
}

func isValueSlow(p []byte) bool {
	for _, c := range p {
		if c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// trim takes blanks and tabs off both ends.
func trim(p []byte) []byte {
	for len(p) > 0 && (p[0] == ' ' || p[0] == '\t') {
		p = p[1:]
	}
	for len(p) > 0 && (p[len(p)-1] == ' ' || p[len(p)-1] == '\t') {
		p = p[:len(p)-1]
	}
	return p
}

// fold reports whether p is a word in any case; word is in lower case.
func fold(p string, word string) bool {
	if len(p) != len(word) {
		return false
	}
	for i := range len(p) {
		if canonical[1][p[i]] != word[i] {
			return false
		}
	}
	return true
}
