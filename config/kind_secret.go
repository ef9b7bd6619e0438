package config

import (
	"strconv"
	"strings"
)

// passwordHashes is a map from user names to hashes of their passwords.
func passwordHashes() kind {
	const example = `{ alice = "$2y$10$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234" }`
	k := mapOfText(example, `{ alice = "secret" }`, checkUserName)
	readText := k.readExpr
	k.name = "map of password hashes"
	k.readExpr = func(c *cell) (any, *fault) {
		v, f := readText(c)
		if f != nil || v == nil {
			return v, f
		}
		for _, e := range v.([]entry) {
			if c.setting.placeholder && e.value == placeholderText {
				continue
			}
			if why := hashFault(e.value); why != "" {
				sub := c.sub(nil)
				sub.at = e.at
				return nil, sub.fault("This is no password hash", "What is written for %s %s:\n  openssl passwd -6\n  htpasswd -nB %s", quote(e.key), why, e.key)
			}
		}
		return v, nil
	}
	return k
}

// checkUserName says what is wrong with a user name.
func checkUserName(name string) string {
	switch {
	case name == "":
		return "is empty"
	case strings.Contains(name, ":"):
		return "has a colon, which a browser could not send"
	case strings.ContainsFunc(name, isControl):
		return "holds a control character"
	}
	return ""
}

// hashFault says why a text is no hash that appserve can check, as the end of a
// sentence that goes on with the commands that make one; empty when it is one.
func hashFault(hash string) string {
	const bcryptLength, sha512Length, apr1Length = 60, 86, 22
	switch {
	case strings.HasPrefix(hash, "$2a$"), strings.HasPrefix(hash, "$2b$"), strings.HasPrefix(hash, "$2y$"):
		if len(hash) != bcryptLength || !cryptText(hash[len("$2y$10$"):]) || !bcryptCost(hash[4:7]) {
			return "looks like bcrypt and has not its form. Make it again with one of"
		}
	case strings.HasPrefix(hash, "$6$"):
		return saltedFault(sha512Salted(hash[len("$6$"):]), sha512Length)
	case strings.HasPrefix(hash, "$apr1$"):
		return saltedFault(hash[len("$apr1$"):], apr1Length)
	case strings.HasPrefix(hash, "$1$"), strings.HasPrefix(hash, "{SHA}"), strings.HasPrefix(hash, "{SSHA}"), strings.HasPrefix(hash, "$5$"), strings.HasPrefix(hash, "$argon2"), strings.HasPrefix(hash, "$y$"):
		return "is a hash of another kind; bcrypt, sha512-crypt and apr1 are known. Make one of these with"
	default:
		return "is not a hash, and plain passwords are not taken. Make one with"
	}
	return ""
}

// sha512Salted is what follows the number of rounds; the text itself when it
// has none, and "" for a number that cannot be computed.
func sha512Salted(s string) string {
	const least, most = 1000, 5_000_000
	after, ok := strings.CutPrefix(s, "rounds=")
	if !ok {
		return s
	}
	number, rest, _ := strings.Cut(after, "$")
	if n, err := strconv.Atoi(number); err != nil || n < least || n > most {
		return ""
	}
	return rest
}

// saltedFault looks at a salt, a dollar and a hash of so many characters.
func saltedFault(s string, length int) string {
	const longestSalt = 16
	salt, coded, ok := strings.Cut(s, "$")
	if !ok || len(salt) > longestSalt || len(coded) != length || !cryptText(coded) {
		return "is a hash that was damaged or cut short. Make it again with one of"
	}
	return ""
}

// bcryptCost reports whether "10$" is a cost that can be computed.
func bcryptCost(s string) bool {
	return s[2] == '$' && s[0] >= '0' && s[0] <= '3' && s[1] >= '0' && s[1] <= '9' && s[:2] >= "04" && s[:2] <= "31"
}

// cryptText reports whether a text is of the 64 characters of crypt(3).
func cryptText(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return r != '.' && r != '/' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
}
