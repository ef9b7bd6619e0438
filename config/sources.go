package config

import (
	"bytes"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// sources keeps the text of every file that was read, in reading order, for
// the snippets of messages.
type sources struct {
	names []string
	files map[string]*hcl.File
	// secrets are texts that no message may show.
	secrets []string
}

func newSources() *sources { return &sources{files: map[string]*hcl.File{}} }

func (s *sources) add(name string, file *hcl.File) {
	s.names = append(s.names, name)
	s.files[name] = file
}

// order places a file among the others; "" comes first, strangers last.
func (s *sources) order(name string) int {
	if name == "" {
		return -1
	}
	if i := slices.Index(s.names, name); i >= 0 {
		return i
	}
	return len(s.names)
}

// text is the source of a range, as it is written.
func (s *sources) text(at hcl.Range) string {
	file := s.files[at.Filename]
	if file == nil || at.Start.Byte < 0 || at.End.Byte > len(file.Bytes) || at.Start.Byte > at.End.Byte {
		return ""
	}
	return string(file.Bytes[at.Start.Byte:at.End.Byte])
}

// line is one line of a file without its end, and the byte it begins at.
func (s *sources) line(name string, number int) (string, int) {
	file := s.files[name]
	if file == nil {
		return "", 0
	}
	start := 0
	for ; number > 1; number-- {
		i := bytes.IndexByte(file.Bytes[start:], '\n')
		if i < 0 {
			return "", start
		}
		start += i + 1
	}
	rest := file.Bytes[start:]
	if i := bytes.IndexByte(rest, '\n'); i >= 0 {
		rest = rest[:i]
	}
	return strings.TrimSuffix(string(rest), "\r"), start
}

// context names the blocks around a place: `site "shop", location "/"`.
func (s *sources) context(at hcl.Range) string {
	file := s.files[at.Filename]
	if file == nil {
		return ""
	}
	if body, ok := file.Body.(*hclsyntax.Body); ok {
		return strings.Join(nativeContext(body, at.Start.Byte), ", ")
	}
	nav, ok := file.Nav.(interface{ ContextString(offset int) string })
	if !ok {
		return ""
	}
	return nav.ContextString(at.Start.Byte)
}

func nativeContext(body *hclsyntax.Body, offset int) []string {
	for _, block := range body.Blocks {
		if !block.Range().ContainsOffset(offset) && block.Range().End.Byte != offset {
			continue
		}
		name := block.Type
		for _, label := range block.Labels {
			name += " " + quote(label)
		}
		return append([]string{name}, nativeContext(block.Body, offset)...)
	}
	return nil
}

// mask hides secrets behind as many stars, so that carets still fit.
func (s *sources) mask(text string) string {
	for _, secret := range s.secrets {
		text = strings.ReplaceAll(text, secret, strings.Repeat("*", len([]rune(secret))))
	}
	return text
}
