package config

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// sniff is the third phase: a configuration for a newer appserve gets one
// answer, not forty about rows this one does not know. It reports whether the
// load may go on.
func (l *loading) sniff(files []parsed) bool {
	version, known := parseVersion(l.options.Version)
	if !known {
		return true
	}
	for _, attr := range requiredVersions(files) {
		v, diags := attr.Expr.Value(nil)
		if diags.HasErrors() || v.IsNull() || !v.IsKnown() || v.Type() != cty.String {
			continue // the row's own kind answers later
		}
		constraints, why := parseConstraints(v.AsString())
		if why == "" && !constraints.allow(version) {
			l.diags.errorAt(attr.Expr.Range(), "This configuration is for another version of appserve",
				fmt.Sprintf("It asks for %s, and this is appserve %s. Install a version that fits, or change required_version.",
					quote(v.AsString()), l.options.Version))
		}
	}
	return !l.diags.has(SeverityError)
}

func requiredVersions(files []parsed) []*hcl.Attribute {
	var found []*hcl.Attribute
	for _, file := range files {
		content, _, _ := file.body.PartialContent(&hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{{Type: "appserve"}}})
		if content == nil {
			continue
		}
		for _, b := range content.Blocks {
			inner, _, _ := b.Body.PartialContent(&hcl.BodySchema{Attributes: []hcl.AttributeSchema{{Name: "required_version"}}})
			if inner != nil && inner.Attributes["required_version"] != nil {
				found = append(found, inner.Attributes["required_version"])
			}
		}
	}
	return found
}

// versionConstraint is the kind of required_version.
func versionConstraint() kind {
	return ofString("version constraint", `">= 0.1"`, `"newest"`, func(c *cell, s string) (any, *fault) {
		if _, why := parseConstraints(s); why != "" {
			return nil, c.fault("This is not a version constraint", "%s %s. %s", quote(s), why, c.write(`">= 0.1"`))
		}
		return s, nil
	}, printText)
}

// release is major, minor and patch.
type release [3]int

func (r release) compare(o release) int {
	for i := range r {
		if r[i] != o[i] {
			return r[i] - o[i]
		}
	}
	return 0
}

// parseVersion reads "v0.3.1-dev+x" as 0.3.1: a build between two releases
// counts as the coming one.
func parseVersion(s string) (release, bool) {
	var r release
	s = strings.TrimPrefix(s, "v")
	s, _, _ = strings.Cut(s, "+")
	s, _, _ = strings.Cut(s, "-")
	parts := strings.Split(s, ".")
	if len(parts) > len(r) {
		return r, false
	}
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 31)
		if err != nil {
			return r, false
		}
		r[i] = int(n)
	}
	return r, true
}

// constraint is one of ">= 0.3", "~> 0.4", "!= 0.5".
type constraint struct {
	operator string
	version  release
	parts    int // how many numbers were written
}

type constraints []constraint

// parseConstraints reads constraints with commas between them, all of which must hold.
func parseConstraints(s string) (list constraints, why string) {
	for part := range strings.SplitSeq(s, ",") {
		part = strings.TrimSpace(part)
		number := strings.TrimSpace(strings.TrimLeft(part, "<>=!~"))
		operator := strings.TrimSpace(strings.TrimSuffix(part, number))
		switch operator {
		case "", "=", "==", "!=", ">", ">=", "<", "<=", "~>":
		default:
			return nil, "has the operator " + quote(operator)
		}
		version, ok := parseVersion(number)
		if !ok {
			return nil, "holds no version such as 0.3 or 0.3.1"
		}
		list = append(list, constraint{operator, version, strings.Count(number, ".") + 1})
	}
	return list, ""
}

func (list constraints) allow(v release) bool {
	for _, c := range list {
		if !c.allows(v) {
			return false
		}
	}
	return true
}

func (c constraint) allows(v release) bool {
	order := v.compare(c.version)
	switch c.operator {
	case ">":
		return order > 0
	case ">=":
		return order >= 0
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case "!=":
		return order != 0
	case "~>":
		ceiling := c.version
		last := max(0, c.parts-2)
		ceiling[last]++
		for i := last + 1; i < len(ceiling); i++ {
			ceiling[i] = 0
		}
		return order >= 0 && v.compare(ceiling) < 0
	default:
		return order == 0
	}
}
