package config

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"
)

// byteSize is a number of bytes.
type byteSize int64

// magnitude makes the bounds of every kind comparable.
func magnitude(v any) int64 {
	switch n := v.(type) {
	case int:
		return int64(n)
	case byteSize:
		return int64(n)
	case time.Duration:
		return int64(n)
	}
	return 0
}

// size is a number of bytes with its unit: "64KiB" (1024) or "64KB" (1000).
func size() kind {
	return kind{
		name: "size", example: `"16MiB"`, bad: "1024", print: func(v any) string { return printSize(int64(v.(byteSize))) },
		read: func(c *cell, v cty.Value) (any, *fault) {
			if v.Type() == cty.Number {
				return c.bareNumber(v, "size", "B", byteSize(0))
			}
			if v.Type() != cty.String {
				return nil, c.fault("This is not a size", "It is %s. %s", typeName(v), c.write(`"16MiB"`))
			}
			n, why, hint := parseSize(v.AsString())
			if why != "" {
				if hint == "" {
					hint = "16MiB"
				}
				return nil, c.fault("This is not a size", "%s %s. %s", quote(v.AsString()), why, c.write(quote(hint)))
			}
			if c.row.min == nil && !c.row.zero && n == 0 {
				return nil, c.fault("This size is zero", "There is no \"no limit\" here. %s", c.write(`"16MiB"`))
			}
			return byteSize(n), c.inBounds(n, printSize)
		},
	}
}

// parseSize reads a number with a unit. why says what is wrong, as the end of
// a sentence, and hint what may have been meant.
func parseSize(s string) (n int64, why, hint string) {
	number, unit, rest := splitUnit(s)
	value, err := strconv.ParseFloat(number, 64)
	if err != nil || rest != "" {
		return 0, "is no number with a unit (B, KiB, MiB, GiB, KB, MB, GB)", ""
	}
	scale := sizeUnit(unit)
	if scale == 0 {
		switch upper := strings.ToUpper(unit); upper {
		case "K", "M", "G", "T":
			return 0, "is short for two things: " + upper + "iB counts in 1024, " + upper + "B in 1000", number + upper + "iB"
		case "KB", "MB", "GB", "TB", "KIB", "MIB", "GIB", "TIB":
			return 0, "is spelled differently", number + upper[:1] + strings.ReplaceAll(upper[1:], "I", "i")
		case "":
			return 0, "is a number without a unit (B, KiB, MiB, GiB, KB, MB, GB)", number + "B"
		}
		return 0, "has the unit " + quote(unit) + "; the units are B, KiB, MiB, GiB, TiB, KB, MB, GB, TB", ""
	}
	if value*float64(scale) > math.MaxInt64/2 {
		return 0, "is larger than appserve can count", ""
	}
	return int64(value * float64(scale)), "", ""
}

func sizeUnit(unit string) int64 {
	switch unit {
	case "B":
		return 1
	case "KiB":
		return 1 << 10
	case "MiB":
		return 1 << 20
	case "GiB":
		return 1 << 30
	case "TiB":
		return 1 << 40
	case "KB":
		return 1e3
	case "MB":
		return 1e6
	case "GB":
		return 1e9
	case "TB":
		return 1e12
	}
	return 0
}

// printSize writes a size in the largest unit that divides it.
func printSize(n int64) string {
	if n == 0 {
		return quote("0B")
	}
	for _, unit := range []string{"TiB", "GiB", "MiB", "KiB", "GB", "MB", "KB"} {
		if scale := sizeUnit(unit); n%scale == 0 {
			return quote(strconv.FormatInt(n/scale, 10) + unit)
		}
	}
	return quote(strconv.FormatInt(n, 10) + "B")
}
