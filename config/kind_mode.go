package config

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// fileMode holds permission bits.
type fileMode uint32

// mode is file permissions in octal digits, as a string: HCL reads a bare
// 0660 as the number 660.
func mode() kind {
	return kind{
		name: "mode", example: `"0660"`, bad: "0660",
		print: func(v any) string { return quote(fmt.Sprintf("%04o", uint32(v.(fileMode)))) },
		read: func(c *cell, v cty.Value) (any, *fault) {
			if v.Type() == cty.Number {
				digits := c.source()
				if !isOctal(digits) {
					digits = "0660"
				}
				return nil, c.fault("A mode is a string", "HCL reads a bare 0660 as the number 660. %s", c.write(quote(digits)))
			}
			if v.Type() != cty.String {
				return nil, c.fault("This is not a mode", "It is %s. %s", typeName(v), c.write(`"0660"`))
			}
			bits, err := strconv.ParseUint(v.AsString(), 8, 32)
			if err != nil || bits > 0o777 || len(v.AsString()) < 3 {
				return nil, c.fault("This is not a mode", "%s is not three octal digits behind a zero. %s",
					quote(v.AsString()), c.write(`"0660"`))
			}
			return fileMode(bits), nil
		},
	}
}

// isOctal is true for 660, 0660 and 022.
func isOctal(s string) bool {
	return (len(s) == 3 || len(s) == 4 && s[0] == '0') && strings.Trim(s, "01234567") == ""
}
