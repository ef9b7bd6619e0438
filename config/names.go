package config

import (
	"slices"
	"strings"
)

// isName reports whether a label can be referred to: [A-Za-z_][A-Za-z0-9_-]*.
func isName(s string) bool {
	return s != "" && isNameStart(rune(s[0])) && !strings.ContainsFunc(s, func(r rune) bool {
		return !isNameStart(r) && r != '-' && (r < '0' || r > '9')
	})
}

// isPlainName is isName without the dash, which HCL would read into the name
// next to it (local.a-local.b is one reference).
func isPlainName(s string) bool { return isName(s) && !strings.Contains(s, "-") }

func isNameStart(r rune) bool {
	return r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

// suggest finds the known name that word was probably meant to be, or "".
func suggest(word string, known []string) string {
	best, least := "", 1+max(1, len(word)/3)
	for _, name := range slices.Sorted(slices.Values(known)) {
		if d := distance(strings.ToLower(word), strings.ToLower(name)); d < least && d < len(name) {
			best, least = name, d
		}
	}
	return best
}

// distance counts the edits between two words: a letter more, less, changed,
// or two neighbours swapped.
func distance(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 64
	}
	before, row := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next := make([]int, len(b)+1)
		next[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			next[j] = min(row[j]+1, next[j-1]+1, row[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, row = row, next
	}
	return row[len(b)]
}

// orList joins words for a sentence: `"a", "b" or "c"`.
func orList(words []string) string {
	quoted := quoteAll(words)
	if len(quoted) < 2 {
		return strings.Join(quoted, "")
	}
	return strings.Join(quoted[:len(quoted)-1], ", ") + " or " + quoted[len(quoted)-1]
}
