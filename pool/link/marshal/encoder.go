// Package marshal speaks the part of Python's marshal format that crosses the
// link between appserve and a worker (runtime.md D4): objects that Go builds
// travel to the worker as an environ or a scope that marshal.loads turns into
// native objects in one C call, and the heads of responses come back.
//
// It owns two closed sets of type codes. Towards the worker an Encoder writes
// None, int, bytes, str, tuple, list and dict; whatever the network sent, the
// bytes are such that marshal.loads accepts them, and never a reference
// (FLAG_REF) or an interned string whose text a client chose. From the worker
// DecodeHead and DecodeHeaders read tuples, lists, ints, str and bytes, with
// limits on depth, number and size.
//
// It refuses everything else: other types, trailing bytes, references. It
// does not know what a header or an environ key means; names, values and
// duplicates are for its callers to check.
package marshal

import (
	"encoding/binary"
	"math/bits"
	"strings"
	"unicode/utf8"
)

// The type codes of CPython's Python/marshal.c that we write or read. The
// three short and ASCII codes need marshal version 4 (Python 3.4).
const (
	codeNone          = 'N'
	codeInt           = 'i' // int32, little endian
	codeLong          = 'l' // signed digit count, then digits of 15 bits
	codeBytes         = 's' // u32 length, bytes
	codeString        = 'u' // u32 length, UTF-8
	codeASCII         = 'a' // u32 length, ASCII
	codeShortASCII    = 'z' // u8 length, ASCII
	codeShortInterned = 'Z' // as codeShortASCII; interned for the life of the interpreter
	codeTuple         = '(' // u32 count, items
	codeList          = '[' // u32 count, items
	codeDict          = '{' // keys and values, then codeDictEnd
	codeDictEnd       = '0'
)

// maxShort is the longest string whose length fits the one byte of the short codes.
const maxShort = 255

// Key is a name that this program spells out itself. Only such names may be
// interned by the worker: interned strings are never freed on some builds
// (cpython#113993), so a name that a client chose must not become one. The
// type is there to make the compiler ask: a constant converts by itself, a
// variable does not.
type Key string

// Encoder appends marshalled values to a buffer; it never fails and, given
// room, never allocates. The zero value writes marshal version 4.
//
// The caller keeps the promise of the container: n values after AppendTuple
// and AppendList, alternating keys and values between AppendDictBegin and
// AppendDictEnd.
type Encoder struct {
	// Legacy restricts strings to the one code that every Python 3 reads, for
	// a worker whose HELLO said marshal < 4 or a failed probe.
	Legacy bool
}

// AppendDictBegin opens a dict. When a key occurs twice the last one wins.
func AppendDictBegin(b []byte) []byte { return append(b, codeDict) }

// AppendDictEnd closes the innermost dict.
func AppendDictEnd(b []byte) []byte { return append(b, codeDictEnd) }

// AppendKey appends a str from the fixed table of names, interned by the
// worker. It must be ASCII of at most 255 bytes, as every Key of ours is;
// another is sent as ordinary text.
func (e Encoder) AppendKey(b []byte, key Key) []byte {
	if e.Legacy || len(key) > maxShort || countHigh(string(key)) != 0 {
		return e.AppendUTF8(b, string(key))
	}
	return append(append(b, codeShortInterned, byte(len(key))), key...)
}

// AppendLatin1 appends a str whose code points are the bytes of s: what PEP
// 3333 calls a native string. Every s is valid.
func (e Encoder) AppendLatin1(b []byte, s string) []byte {
	high := countHigh(s)
	if high == 0 {
		return e.appendASCII(b, s)
	}
	b = appendHeader(b, codeString, len(s)+high)
	for i := range len(s) {
		if c := s[i]; c < utf8.RuneSelf {
			b = append(b, c)
		} else {
			b = append(b, 0xC0|c>>6, 0x80|c&0x3F)
		}
	}
	return b
}

// AppendUTF8 appends a str from UTF-8 text. Bytes that are not UTF-8 become
// U+FFFD: the worker would die of them, so no caller may be trusted to check.
func (e Encoder) AppendUTF8(b []byte, s string) []byte {
	if countHigh(s) == 0 {
		return e.appendASCII(b, s)
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	return append(appendHeader(b, codeString, len(s)), s...)
}

// AppendBytes appends a bytes object.
func (e Encoder) AppendBytes(b []byte, s string) []byte {
	return append(appendHeader(b, codeBytes, len(s)), s...)
}

// AppendTuple opens a tuple of the next n values.
func (e Encoder) AppendTuple(b []byte, n int) []byte { return appendHeader(b, codeTuple, n) }

// AppendList opens a list of the next n values.
func (e Encoder) AppendList(b []byte, n int) []byte { return appendHeader(b, codeList, n) }

// AppendNone appends None.
func (e Encoder) AppendNone(b []byte) []byte { return append(b, codeNone) }

// AppendInt appends an int.
func (e Encoder) AppendInt(b []byte, n int64) []byte {
	if int64(int32(n)) == n {
		return appendHeader(b, codeInt, int(n))
	}
	return appendLong(b, n)
}

// appendASCII appends a str that is known to be ASCII.
func (e Encoder) appendASCII(b []byte, s string) []byte {
	switch {
	case e.Legacy:
		b = appendHeader(b, codeString, len(s))
	case len(s) <= maxShort:
		b = append(b, codeShortASCII, byte(len(s)))
	default:
		b = appendHeader(b, codeASCII, len(s))
	}
	return append(b, s...)
}

// appendHeader appends a type code and the four bytes that follow most of them.
func appendHeader(b []byte, code byte, n int) []byte {
	return binary.LittleEndian.AppendUint32(append(b, code), uint32(n))
}

// appendLong appends an int that needs more than 32 bits: digits of 15 bits,
// least significant first, under a count that carries the sign.
func appendLong(b []byte, n int64) []byte {
	magnitude, sign := uint64(n), 1
	if n < 0 {
		magnitude, sign = -uint64(n), -1
	}
	digits := (bits.Len64(magnitude) + 14) / 15
	b = appendHeader(b, codeLong, sign*digits)
	for ; magnitude != 0; magnitude >>= 15 {
		b = binary.LittleEndian.AppendUint16(b, uint16(magnitude&0x7FFF))
	}
	return b
}

// countHigh counts the bytes >= 0x80, eight at a time: it looks at every byte
// of every request head.
func countHigh(s string) int {
	const high = 0x8080808080808080
	n := 0
	for ; len(s) >= 8; s = s[8:] {
		w := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
			uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
		if w &= high; w != 0 {
			n += bits.OnesCount64(w)
		}
	}
	for i := range len(s) {
		n += int(s[i] >> 7)
	}
	return n
}
