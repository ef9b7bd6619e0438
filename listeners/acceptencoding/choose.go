// Package acceptencoding owns the choice of a content coding by what a client
// accepts (RFC 9110, section 12.5.3). It knows names and weights only: it
// refuses to code anything and to look at a request.
package acceptencoding

import "strings"

// most is the weight of a coding without one, in thousandths.
const most = 1000

// Choose gives the coding of offered that the field value asks for most, the
// first one on a tie; "" for none of them, which is identity. A weight of 0
// refuses a coding, * speaks for those not named, and a coding that the client
// wants less than identity, by a weight of its own, is not chosen. A client
// that refuses everything, identity too, gets identity: it is better served by
// a response than by 406. Several lines of the field are joined with a comma.
func Choose(field string, offered []string) string {
	if field == "" {
		return ""
	}
	chosen, best := "", 0
	for _, coding := range offered {
		if q, ok := weight(field, coding); ok && q > best {
			chosen, best = coding, q
		}
	}
	if q, ok := named(field, "identity"); ok && q > best {
		return ""
	}
	return chosen
}

// weight is what field says about coding, by name or by *, in thousandths.
func weight(field, coding string) (int, bool) {
	if q, ok := named(field, coding); ok {
		return q, true
	}
	return named(field, "*")
}

// named is the weight of the item of that name; the first one counts.
func named(field, name string) (int, bool) {
	for item := range strings.SplitSeq(field, ",") {
		coding, parameters, _ := strings.Cut(item, ";")
		if coding = strings.Trim(coding, " \t"); same(coding, name) {
			return quality(parameters), true
		}
	}
	return 0, false
}

// same compares names; x-gzip is gzip (RFC 9110, section 8.4.1.3).
func same(coding, name string) bool {
	return strings.EqualFold(coding, name) || name == "gzip" && strings.EqualFold(coding, "x-gzip")
}

// quality reads a weight (RFC 9110, section 12.4.2) in thousandths. One that is
// no weight is 0: a client that cannot say what it wants gets identity.
func quality(parameters string) int {
	parameters = strings.Trim(parameters, " \t")
	if parameters == "" {
		return most
	}
	name, value, _ := strings.Cut(parameters, "=")
	name, value = strings.Trim(name, " \t"), strings.Trim(value, " \t")
	if !strings.EqualFold(name, "q") || value == "" || len(value) > len("0.000") {
		return 0
	}
	if value[0] != '0' && value[0] != '1' || len(value) > 1 && value[1] != '.' {
		return 0
	}
	q := int(value[0]-'0') * most
	for i, unit := 2, most/10; i < len(value); i, unit = i+1, unit/10 {
		if value[i] < '0' || value[i] > '9' {
			return 0
		}
		q += int(value[i]-'0') * unit
	}
	if q > most {
		return 0
	}
	return q
}
