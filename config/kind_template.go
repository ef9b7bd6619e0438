package config

import (
	"slices"
	"strings"
)

// template is text with request variables: $name, $(name), $$ for a dollar.
// only, when given, names the variables that mean something here.
func template(only ...string) kind {
	return ofString("template", `"$host$request_uri"`, `"$hots"`, func(c *cell, s string) (any, *fault) {
		if s == "" {
			return nil, c.fault("This text is empty", "Leave the line out, or write null, when nothing is meant.")
		}
		return c.parseTemplate(s, only)
	}, printTemplate)
}

// anyTemplate is template that may be empty.
func anyTemplate() kind {
	return ofString("template", `"Hello $remote_addr"`, `"$hots"`, func(c *cell, s string) (any, *fault) {
		return c.parseTemplate(s, nil)
	}, printTemplate)
}

func printTemplate(v any) string { return quote(v.(Template).Text) }

// parseTemplate cuts text into literals and request variables.
func (c *cell) parseTemplate(s string, only []string) (any, *fault) {
	out := Template{Text: s}
	var literal strings.Builder
	flush := func() {
		if literal.Len() > 0 {
			out.Parts = append(out.Parts, TemplatePart{Literal: literal.String()})
			literal.Reset()
		}
	}
	for i := 0; i < len(s); i++ {
		if strings.HasPrefix(s[i:], "%(") || strings.HasPrefix(s[i:], "%{") {
			return nil, c.percentVariable(s[i:])
		}
		if s[i] != '$' {
			literal.WriteByte(s[i])
			continue
		}
		if strings.HasPrefix(s[i:], "$$") {
			literal.WriteByte('$')
			i++
			continue
		}
		name, length := variableName(s[i:])
		if name == "" && len(s) > i+1 && s[i+1] >= '0' && s[i+1] <= '9' {
			return nil, c.fault("Groups have names", "A group of a regular expression is named where it stands, (?P<name>...), and called $match_name.")
		}
		if name == "" {
			return nil, c.fault("A dollar sign stands alone", `One dollar is written "$$", a request variable "$host" or "$(host)".`)
		}
		part, f := c.templatePart(name, only)
		if f != nil {
			return nil, f
		}
		flush()
		out.Parts = append(out.Parts, part)
		i += length - 1
	}
	flush()
	return out, nil
}

// variableName reads $name or $(name), and how many bytes it takes.
func variableName(s string) (name string, length int) {
	if strings.HasPrefix(s, "$(") {
		name, _, ok := strings.Cut(s[2:], ")")
		if !ok || !isPlainName(name) {
			return "", 0
		}
		return name, len(name) + 3
	}
	end := 1
	for end < len(s) && (isNameStart(rune(s[end])) || end > 1 && s[end] >= '0' && s[end] <= '9') {
		end++
	}
	return s[1:end], end
}

// templatePart looks a request variable up.
func (c *cell) templatePart(name string, only []string) (TemplatePart, *fault) {
	if len(only) > 0 && !slices.Contains(only, name) {
		return TemplatePart{}, c.fault("This request variable means nothing here", "%s is not among those that do: %s.",
			quote("$"+name), orList(dollars(only)))
	}
	if slices.Contains(requestVariables(), name) {
		return TemplatePart{Variable: name}, nil
	}
	for _, family := range variableFamilies() {
		if tail, ok := strings.CutPrefix(name, family); ok && tail != "" {
			if strings.HasSuffix(family, "http_") { // headers compare without case, cookies and arguments do not
				tail = strings.ToLower(tail)
			}
			return TemplatePart{Variable: family, Argument: tail}, nil
		}
	}
	return TemplatePart{}, c.unknownVariable(name)
}

func (c *cell) unknownVariable(name string) *fault {
	const summary = "This request variable is not known"
	if ours, ok := foreignVariables()[name]; ok {
		return c.fault(summary, "There is no %s; appserve calls it %s.", quote("$"+name), quote("$"+ours))
	}
	if near := suggest(name, requestVariables()); near != "" {
		return c.fault(summary, "There is no %s. Did you mean %s? One dollar is written \"$$\".", quote("$"+name), quote("$"+near))
	}
	for _, known := range requestVariables() {
		if strings.HasPrefix(name, known) {
			return c.fault(summary, "There is no %s. Where a letter follows, write: $(%s)%s", quote("$"+name), known, name[len(known):])
		}
	}
	return c.fault(summary, "There is no %s. One dollar is written \"$$\"; the reference lists the request variables.", quote("$"+name))
}

// percentVariable answers %(h)s of Gunicorn and uWSGI, and %{User-Agent}i of Apache.
func (c *cell) percentVariable(s string) *fault {
	closing := map[byte]string{'(': ")", '{': "}"}[s[1]]
	name, _, ok := strings.Cut(s[2:], closing)
	if !ok || strings.ContainsFunc(name, isControl) {
		name = ""
	}
	return c.foreignTemplate(s[:2]+name+closing, name)
}

// foreignTemplate answers a request variable as another server writes it.
func (c *cell) foreignTemplate(written, name string) *fault {
	const summary = "Request variables begin with a dollar"
	if ours, known := foreignVariables()[strings.ToLower(name)]; known {
		return c.fault(summary, "appserve calls %s %s.", quoteLiteral(written), quote("$"+ours))
	}
	if header := headerVariable(name); header != "" {
		return c.fault(summary, "appserve calls %s %s.", quoteLiteral(written), quote("$"+header))
	}
	return c.fault(summary, `%s is how other servers write one. Write: "$remote_addr", "$request", "$status"`, quoteLiteral(written))
}

// quoteLiteral puts quotes around a text without HCL's escapes.
func quoteLiteral(s string) string { return `"` + s + `"` }

// headerVariable is the variable of a header that other servers name: "User-Agent", "{user-agent}i".
func headerVariable(name string) string {
	name = strings.ToLower(strings.Trim(name, "{}"))
	if name == "" || strings.ContainsFunc(name, func(r rune) bool { return (r < 'a' || r > 'z') && r != '-' && r != '_' }) {
		return ""
	}
	return "http_" + strings.ReplaceAll(name, "-", "_")
}

func dollars(names []string) []string {
	var out []string
	for _, name := range names {
		out = append(out, "$"+name)
	}
	return out
}
