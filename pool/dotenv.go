package pool

import (
	"fmt"
	"os"
	"strings"
)

// readDotenv reads an env_file: NAME=value lines, "export " before them,
// comments, single quotes (as they are) and double quotes (\n \t \" \\ \$).
// Nothing is expanded. The error names file and line.
func readDotenv(file string) (map[string]string, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading env_file: %w", err)
	}
	values := map[string]string{}
	number := 0
	for line := range strings.Lines(string(content)) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		name, text, found := strings.Cut(strings.TrimPrefix(line, "export "), "=")
		name = strings.TrimSpace(name)
		if !found || !isEnvName(name) {
			return nil, fmt.Errorf("%s line %d: want NAME=value", file, number)
		}
		value, err := dotenvValue(strings.TrimSpace(text))
		if err != nil {
			return nil, fmt.Errorf("%s line %d: %s: %w", file, number, name, err)
		}
		values[name] = value
	}
	return values, nil
}

// isEnvName says whether a name can be set in an environment by this file.
func isEnvName(name string) bool {
	if name == "" || name[0] >= '0' && name[0] <= '9' {
		return false
	}
	for _, c := range []byte(name) {
		if c != '_' && !(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') {
			return false
		}
	}
	return true
}

// dotenvValue reads what stands behind the equals sign.
func dotenvValue(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	switch text[0] {
	case '\'':
		value, rest, found := strings.Cut(text[1:], "'")
		if !found {
			return "", fmt.Errorf("the single quote is not closed")
		}
		return value, checkRest(rest)
	case '"':
		return dotenvQuoted(text[1:])
	}
	if i := strings.Index(text, " #"); i >= 0 {
		text = strings.TrimSpace(text[:i])
	}
	return text, nil
}

// dotenvQuoted reads up to the closing double quote.
func dotenvQuoted(text string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			return b.String(), checkRest(text[i+1:])
		case c == '\\' && i+1 < len(text):
			i++
			switch text[i] {
			case 'n':
				b.WriteByte('\n')
			case 't':
				b.WriteByte('\t')
			case '"', '\\', '$':
				b.WriteByte(text[i])
			default:
				b.WriteByte('\\')
				b.WriteByte(text[i])
			}
		default:
			b.WriteByte(c)
		}
	}
	return "", fmt.Errorf("the double quote is not closed")
}

// checkRest allows only a comment behind a quoted value.
func checkRest(rest string) error {
	if rest = strings.TrimSpace(rest); rest != "" && rest[0] != '#' {
		return fmt.Errorf("text after the closing quote")
	}
	return nil
}
