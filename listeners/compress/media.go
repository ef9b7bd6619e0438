package compress

import "strings"

// mediaTypes are the types that are worth it.
type mediaTypes struct {
	exact    map[string]bool
	patterns []string // with *
}

// eventStream is left alone by patterns: its connections are many and live
// long, and each would hold the memory of an encoder.
const eventStream = "text/event-stream"

func compile(types []string) mediaTypes {
	m := mediaTypes{exact: map[string]bool{}}
	for _, one := range types {
		if one = strings.ToLower(one); strings.IndexByte(one, '*') >= 0 {
			m.patterns = append(m.patterns, one)
		} else {
			m.exact[one] = true
		}
	}
	return m
}

// has reports whether a Content-Type is one of them.
func (m *mediaTypes) has(contentType string) bool {
	media, _, _ := strings.Cut(contentType, ";")
	media = strings.ToLower(strings.Trim(media, " \t"))
	if m.exact[media] {
		return true
	}
	if media == "" || media == eventStream {
		return false
	}
	for _, pattern := range m.patterns {
		if matches(pattern, media) {
			return true
		}
	}
	return false
}

// matches compares with a pattern; * stands for any text.
func matches(pattern, text string) bool {
	head, rest, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == text
	}
	if !strings.HasPrefix(text, head) {
		return false
	}
	text = text[len(head):]
	for {
		part, after, more := strings.Cut(rest, "*")
		if !more {
			return strings.HasSuffix(text, part)
		}
		i := strings.Index(text, part)
		if i < 0 {
			return false
		}
		text, rest = text[i+len(part):], after
	}
}
