package config

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"
)

// requestRate is a number of requests per time.
type requestRate struct {
	count int64
	per   time.Duration
}

// maxRequestRate keeps the distance of two requests at a nanosecond or more.
const maxRequestRate = 1_000_000

// rate is how often something may happen: "5/s", "300/m", "1000/h", "5/10s".
func rate() kind {
	return kind{
		name: "rate", example: `"5/s"`, bad: "5", print: printRate,
		read: func(c *cell, v cty.Value) (any, *fault) {
			if v.Type() == cty.Number {
				n, _ := v.AsBigFloat().Float64()
				return nil, c.fault("This rate needs a time", "A bare number could be per second or per minute. %s", c.write(quote(strconv.FormatFloat(n, 'f', -1, 64)+"/s")))
			}
			if v.Type() != cty.String {
				return nil, c.fault("This is not a rate", "It is %s. %s", typeName(v), c.write(`"5/s"`))
			}
			r, why := parseRate(v.AsString())
			if why != "" {
				return nil, c.fault("This is not a rate", "%s %s. %s", quote(v.AsString()), why, c.write(quote(rateHint(v.AsString()))))
			}
			return r, nil
		},
	}
}

// parseRate reads "5/s". why says what is wrong with it, as the end of a sentence.
func parseRate(s string) (r requestRate, why string) {
	number, unit, slash := strings.Cut(s, "/")
	if !slash {
		return r, "is no number with a time behind a slash"
	}
	count, err := strconv.ParseInt(number, 10, 64)
	switch {
	case err != nil:
		return r, "does not begin with a whole number"
	case count < 1:
		return r, "lets nothing through"
	case count > maxRequestRate:
		return r, "is faster than " + strconv.Itoa(maxRequestRate) + " in one time, which is no limit"
	}
	if unit != "" && (unit[0] < '0' || unit[0] > '9') {
		unit = "1" + unit
	}
	per, why := parseDuration(unit)
	switch {
	case why != "":
		return r, "has no time behind its slash: s, m, h, d, or a duration such as 10s"
	case per < time.Millisecond || per > 31*24*time.Hour:
		return r, "counts in too short or too long a time"
	}
	return requestRate{count, per}, ""
}

// rateHint is what "5r/s" and "300/min" may have meant.
func rateHint(s string) string {
	hint := strings.NewReplacer("r/", "/", " per ", "/", " ", "", "/sec", "/s", "/second", "/s", "/minute", "/m", "/min", "/m", "/hour", "/h").Replace(s)
	if _, why := parseRate(hint); why == "" {
		return hint
	}
	return "5/s"
}

func printRate(v any) string {
	r := v.(requestRate)
	per := strings.TrimPrefix(unquoted(printDuration(r.per)), "1")
	if per == "" || per[0] >= '0' && per[0] <= '9' {
		per = unquoted(printDuration(r.per)) // "10s" has lost its first digit
	}
	return quote(strconv.FormatInt(r.count, 10) + "/" + per)
}

// bytesPerSecond is how fast bytes move.
type bytesPerSecond int64

// byteRate is a number of bytes per second: "240B/s", "10KiB/s".
func byteRate() kind {
	return kind{
		name: "byte rate", example: `"240B/s"`, bad: "240",
		print: func(v any) string { return quote(unquoted(printSize(int64(v.(bytesPerSecond)))) + "/s") },
		read: func(c *cell, v cty.Value) (any, *fault) {
			if v.Type() == cty.Number {
				n, _ := v.AsBigFloat().Float64()
				switch {
				case n == 0 && c.row.zero:
					return bytesPerSecond(0), nil
				case n < 1 || n > math.MaxInt32:
					return nil, c.fault("This byte rate needs a unit", "A bare number could mean anything. %s", c.write(c.exampleOf()))
				}
				return nil, c.fault("This byte rate needs a unit", "A bare number could mean anything. %s", c.write(quote(strconv.FormatFloat(n, 'f', 0, 64)+"B/s")))
			}
			if v.Type() != cty.String {
				return nil, c.fault("This is not a byte rate", "It is %s. %s", typeName(v), c.write(`"240B/s"`))
			}
			return c.parseByteRate(v.AsString())
		},
	}
}

func (c *cell) parseByteRate(s string) (any, *fault) {
	text, perSecond := strings.CutSuffix(s, "/s")
	n, why, hint := parseSize(text)
	switch {
	case !perSecond && why == "":
		return nil, c.fault("This byte rate has no time", "%s is a size. %s", quote(s), c.write(quote(s+"/s")))
	case why != "":
		if hint == "" {
			hint = "240B"
		}
		return nil, c.fault("This is not a byte rate", "%s is no size per second. %s", quote(s), c.write(quote(hint+"/s")))
	case n == 0 && !c.row.zero:
		return nil, c.fault("This byte rate is zero", "%s", c.write(`"240B/s"`))
	}
	return bytesPerSecond(n), nil
}
