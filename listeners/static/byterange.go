package static

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// mostRanges is how many ranges one request gets; more are taken for an
// attack, and the whole file is the answer (RFC 9110, 14.2 and 17.15).
const mostRanges = 16

// rangeVerdict says what to do with a Range header.
type rangeVerdict int

const (
	ignored       rangeVerdict = iota // 200
	satisfiable                       // 206
	unsatisfiable                     // 416
)

// span is a piece of a file, in bytes.
type span struct {
	start, length int64
}

// contentRange is the Content-Range of a span of a file of size bytes.
func (s span) contentRange(size int64) string {
	b := make([]byte, 0, 48)
	b = append(b, "bytes "...)
	b = strconv.AppendInt(b, s.start, 10)
	b = append(b, '-')
	b = strconv.AppendInt(b, s.start+s.length-1, 10)
	b = append(b, '/')
	return string(strconv.AppendInt(b, size, 10))
}

// parseRange reads a Range header (RFC 9110, 14.1.2 and 14.2) for a file of
// size bytes. Another unit than bytes, a malformed list, too many ranges, and
// ranges that together are more than the file are ignored. Ranges outside the
// file are left out; when all are, the header is unsatisfiable. What overlaps
// or nearly touches is one span.
func parseRange(value string, size int64) ([]span, rangeVerdict) {
	unit, list, found := strings.Cut(value, "=")
	if !found || !strings.EqualFold(unit, "bytes") {
		return nil, ignored
	}
	var spans []span
	var count int
	var total int64
	for spec := range strings.SplitSeq(list, ",") {
		if spec = strings.Trim(spec, " \t"); spec == "" {
			continue // an empty element of a list (RFC 9110, 5.6.1.2)
		}
		s, verdict := parseSpec(spec, size)
		if count++; verdict == ignored || count > mostRanges {
			return nil, ignored
		}
		if verdict == satisfiable {
			spans = append(spans, s)
			total += s.length
		}
	}
	switch {
	case count == 0, len(spans) > 1 && total > size:
		return nil, ignored
	case len(spans) == 0:
		return nil, unsatisfiable
	}
	return coalesce(spans), satisfiable
}

// gap is the distance, in bytes, below which two spans are sent as one with
// what lies between: the head of a part is longer (RFC 9110, 15.3.7.2).
const gap = 80

// coalesce joins spans that overlap or have less than gap between them. The
// others stay in the order in which the client asked for them, which may be
// the order in which it needs them.
func coalesce(spans []span) []span {
	for i := 0; i < len(spans); i++ {
		for j := i + 1; j < len(spans); {
			joined, ok := spans[i].join(spans[j])
			if !ok {
				j++
				continue
			}
			spans[i] = joined
			spans = slices.Delete(spans, j, j+1)
			j = i + 1 // the longer one may reach one that did not touch before
		}
	}
	return spans
}

// join is both spans and what is between them, when that is little.
func (s span) join(other span) (span, bool) {
	first, second := s, other
	if second.start < first.start {
		first, second = second, first
	}
	if second.start-(first.start+first.length) >= gap {
		return span{}, false
	}
	end := max(first.start+first.length, second.start+second.length)
	return span{first.start, end - first.start}, true
}

// parseSpec reads "first-last", "first-" or "-length".
func parseSpec(spec string, size int64) (span, rangeVerdict) {
	before, after, found := strings.Cut(spec, "-")
	first, okFirst := position(before)
	last, okLast := position(after)
	switch {
	case !found, before == "" && after == "", before != "" && !okFirst, after != "" && !okLast:
		return span{}, ignored
	case before == "" && last == 0:
		return span{}, unsatisfiable
	case before == "" && size == 0:
		// Satisfiable, but no Content-Range can say it: the whole file, which is nothing.
		return span{}, ignored
	case before == "":
		last = min(last, size)
		return span{size - last, last}, satisfiable
	case after != "" && last < first:
		return span{}, ignored
	case first >= size:
		return span{}, unsatisfiable
	case after == "":
		last = math.MaxInt64
	}
	return span{first, min(last, size-1) - first + 1}, satisfiable
}

// position reads digits, and nothing but digits. A number that no file reaches
// is as good as the largest.
func position(digits string) (int64, bool) {
	for i := 0; i < len(digits); i++ {
		if digits[i] < '0' || digits[i] > '9' {
			return 0, false
		}
	}
	if digits == "" {
		return 0, false
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return math.MaxInt64, true
	}
	return n, true
}
