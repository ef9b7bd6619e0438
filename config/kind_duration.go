package config

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"
)

// duration is a length of time with its unit: "500ms", "30s", "2m", "1h30m", "7d".
func duration() kind {
	return kind{
		name: "duration", example: `"30s"`, bad: "30", print: func(v any) string { return printDuration(v.(time.Duration)) },
		read: func(c *cell, v cty.Value) (any, *fault) {
			if v.Type() == cty.Number {
				return c.bareNumber(v, "duration", "s", time.Duration(0))
			}
			if v.Type() != cty.String {
				return nil, c.fault("This is not a duration", "It is %s. %s", typeName(v), c.write(`"30s"`))
			}
			d, why := parseDuration(v.AsString())
			if why != "" {
				return nil, c.fault("This is not a duration", "%s %s. %s", quote(v.AsString()), why, c.write(`"30s"`))
			}
			if c.row.min == nil && !c.row.zero && d == 0 {
				return nil, c.fault("This duration is zero", "There is no \"no limit\" here. %s", c.write(`"30s"`))
			}
			return d, c.inBounds(int64(d), func(n int64) string { return printDuration(time.Duration(n)) })
		},
	}
}

// bareNumber answers a number without a unit. Zero is a value where the row
// says so; none is that value.
func (c *cell) bareNumber(v cty.Value, what, unit string, none any) (any, *fault) {
	n, _ := v.AsBigFloat().Float64()
	if n == 0 && c.row.zero {
		return none, nil
	}
	var written string
	switch {
	case n < 0 || n > 1e15 || n < 1e-3:
		written = c.exampleOf()
	case unit == "B" && n == math.Trunc(n):
		written = printSize(int64(n))
	default:
		written = quote(strconv.FormatFloat(n, 'f', -1, 64) + unit)
	}
	if n == 0 {
		return nil, c.fault("This "+what+" cannot be 0", "There is no \"no limit\" here. Write a %s such as %s.", what, c.exampleOf())
	}
	return nil, c.fault("This "+what+" needs a unit", "A bare number could mean anything. %s", c.write(written))
}

func (c *cell) exampleOf() string {
	if c.row.example != "" {
		return c.row.example
	}
	return c.row.kind.example
}

// parseDuration reads one or more numbers with units. why says what is wrong
// with it, as the end of a sentence; empty when it is right.
func parseDuration(s string) (d time.Duration, why string) {
	if s == "" {
		return 0, "is empty"
	}
	var total float64
	for rest := s; rest != ""; {
		number, unit, tail := splitUnit(rest)
		n, err := strconv.ParseFloat(number, 64)
		if err != nil || number == "" {
			return 0, "is no number with a unit"
		}
		if unit == "" {
			return 0, "is a number without a unit (ms, s, m, h, d, w)"
		}
		scale := durationUnit(unit)
		if scale == 0 {
			return 0, "has the unit " + quote(unit) + "; the units are ms, s, m, h, d, w"
		}
		total += n * float64(scale)
		rest = tail
	}
	if total > math.MaxInt64/2 {
		return 0, "is longer than appserve can count"
	}
	return time.Duration(total), ""
}

// splitUnit cuts "10m30s" into "10", "m" and "30s".
func splitUnit(s string) (number, unit, rest string) {
	end := strings.IndexFunc(s, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
	if end < 0 {
		return s, "", ""
	}
	number, s = s[:end], s[end:]
	end = strings.IndexAny(s, "0123456789.")
	if end < 0 {
		end = len(s)
	}
	return number, s[:end], s[end:]
}

func durationUnit(unit string) time.Duration {
	switch unit {
	case "ms":
		return time.Millisecond
	case "s":
		return time.Second
	case "m":
		return time.Minute
	case "h":
		return time.Hour
	case "d":
		return 24 * time.Hour
	case "w":
		return 7 * 24 * time.Hour
	}
	return 0
}

// printDuration writes a duration in the largest unit that divides it.
func printDuration(d time.Duration) string {
	for _, unit := range []string{"d", "h", "m", "s", "ms"} {
		if scale := durationUnit(unit); d != 0 && d%scale == 0 {
			return quote(strconv.FormatInt(int64(d/scale), 10) + unit)
		}
	}
	if d == 0 {
		return quote("0s")
	}
	return quote(strconv.FormatFloat(float64(d)/float64(time.Millisecond), 'f', -1, 64) + "ms")
}
