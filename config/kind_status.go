package config

import (
	"slices"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// status is an HTTP status code out of those that make sense for a row.
func status(name string, codes []int) kind {
	inner := integer()
	return kind{
		name: name, example: strconv.Itoa(codes[0]), bad: "99", print: inner.print,
		read: func(c *cell, v cty.Value) (any, *fault) {
			n, f := inner.read(c, v)
			if f != nil {
				return nil, f
			}
			if !slices.Contains(codes, n.(int)) {
				return nil, c.fault("This status cannot be used here", "%d is not among %s. %s", n, codeList(codes), c.write(strconv.Itoa(codes[0])))
			}
			return n, nil
		},
	}
}

func redirectStatus() kind {
	return status("redirect status", []int{301, 302, 303, 307, 308})
}

// finalStatus is any final answer that can have a body.
func finalStatus() kind {
	var codes []int
	for code := 200; code <= 599; code++ {
		codes = append(codes, code)
	}
	return status("status", codes)
}

func codeList(codes []int) string {
	if len(codes) > 10 {
		return strconv.Itoa(codes[0]) + " to " + strconv.Itoa(codes[len(codes)-1])
	}
	var parts []string
	for _, code := range codes {
		parts = append(parts, strconv.Itoa(code))
	}
	return strings.Join(parts, ", ")
}
