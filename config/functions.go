package config

import (
	"errors"
	"fmt"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// mark is what a value carries through every expression it goes into.
type mark string

const (
	secretMark      mark = "sensitive"
	placeholderMark mark = "placeholder"
)

// placeholderText is what a dump writes inside sensitive().
const placeholderText = "..."

// standardFunctions are those of cty under the names that Terraform gave them.
func standardFunctions() map[string]function.Function {
	return map[string]function.Function{
		"abs": stdlib.AbsoluteFunc, "ceil": stdlib.CeilFunc, "floor": stdlib.FloorFunc, "int": stdlib.IntFunc,
		"log": stdlib.LogFunc, "max": stdlib.MaxFunc, "min": stdlib.MinFunc, "parseint": stdlib.ParseIntFunc,
		"pow": stdlib.PowFunc, "signum": stdlib.SignumFunc,

		"chomp": stdlib.ChompFunc, "format": stdlib.FormatFunc, "formatdate": stdlib.FormatDateFunc,
		"formatlist": stdlib.FormatListFunc, "indent": stdlib.IndentFunc, "join": stdlib.JoinFunc,
		"lower": stdlib.LowerFunc, "regex": stdlib.RegexFunc, "regexall": stdlib.RegexAllFunc,
		"regexreplace": stdlib.RegexReplaceFunc, "replace": stdlib.ReplaceFunc, "split": stdlib.SplitFunc,
		"strlen": stdlib.StrlenFunc, "strrev": stdlib.ReverseFunc, "substr": stdlib.SubstrFunc,
		"timeadd": stdlib.TimeAddFunc, "title": stdlib.TitleFunc, "trim": stdlib.TrimFunc,
		"trimprefix": stdlib.TrimPrefixFunc, "trimspace": stdlib.TrimSpaceFunc, "trimsuffix": stdlib.TrimSuffixFunc,
		"upper": stdlib.UpperFunc,

		"chunklist": stdlib.ChunklistFunc, "coalesce": stdlib.CoalesceFunc, "coalescelist": stdlib.CoalesceListFunc,
		"compact": stdlib.CompactFunc, "concat": stdlib.ConcatFunc, "contains": stdlib.ContainsFunc,
		"distinct": stdlib.DistinctFunc, "element": stdlib.ElementFunc, "flatten": stdlib.FlattenFunc,
		"index": stdlib.IndexFunc, "keys": stdlib.KeysFunc, "length": stdlib.LengthFunc, "lookup": stdlib.LookupFunc,
		"merge": stdlib.MergeFunc, "range": stdlib.RangeFunc, "reverse": stdlib.ReverseListFunc,
		"setintersection": stdlib.SetIntersectionFunc, "setproduct": stdlib.SetProductFunc,
		"setsubtract": stdlib.SetSubtractFunc, "setunion": stdlib.SetUnionFunc, "slice": stdlib.SliceFunc,
		"sort": stdlib.SortFunc, "values": stdlib.ValuesFunc, "zipmap": stdlib.ZipmapFunc,

		"csvdecode": stdlib.CSVDecodeFunc, "jsondecode": stdlib.JSONDecodeFunc, "jsonencode": stdlib.JSONEncodeFunc,

		"tobool": stdlib.MakeToFunc(cty.Bool), "tonumber": stdlib.MakeToFunc(cty.Number), "tostring": stdlib.MakeToFunc(cty.String),
		"tolist": stdlib.MakeToFunc(cty.List(cty.DynamicPseudoType)), "tomap": stdlib.MakeToFunc(cty.Map(cty.DynamicPseudoType)),
		"toset": stdlib.MakeToFunc(cty.Set(cty.DynamicPseudoType)),
	}
}

// machineFunctions tell about the machine: cpus() and hostname().
func machineFunctions(s system) map[string]function.Function {
	return map[string]function.Function{
		"cpus": function.New(&function.Spec{
			Type: function.StaticReturnType(cty.Number),
			Impl: func([]cty.Value, cty.Type) (cty.Value, error) { return cty.NumberIntVal(int64(s.cpus())), nil },
		}),
		"hostname": function.New(&function.Spec{
			Type: function.StaticReturnType(cty.String),
			Impl: func([]cty.Value, cty.Type) (cty.Value, error) {
				name, err := s.hostname()
				if err != nil {
					return cty.NilVal, fmt.Errorf("asking for the host name: %w", err)
				}
				return cty.StringVal(name), nil
			},
		}),
	}
}

// sensitiveFunction marks a value as not to be shown. sensitive("...") is
// what a dump writes in its place. remember is told every text it hides.
func sensitiveFunction(remember func(cty.Value)) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{
			Name: "value", Type: cty.DynamicPseudoType, AllowNull: true, AllowMarked: true, AllowDynamicType: true,
		}},
		Type: func(args []cty.Value) (cty.Type, error) { return args[0].Type(), nil },
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			plain, _ := args[0].UnmarkDeep()
			if plain.RawEquals(cty.StringVal(placeholderText)) {
				return args[0].Mark(secretMark).Mark(placeholderMark), nil
			}
			remember(plain)
			return args[0].Mark(secretMark), nil
		},
	})
}

// inputFunctions are env() and file(), for the defaults of variables: so the
// inputs of a configuration are one list.
func (l *loading) inputFunctions(folder string) map[string]function.Function {
	return map[string]function.Function{
		"env": function.New(&function.Spec{
			Params:   []function.Parameter{{Name: "name", Type: cty.String}},
			VarParam: &function.Parameter{Name: "default", Type: cty.String, AllowNull: true},
			Type:     function.StaticReturnType(cty.String),
			Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
				if value, ok := l.environment(args[0].AsString()); ok {
					return cty.StringVal(value), nil
				}
				if len(args) == 2 {
					return args[1], nil
				}
				return cty.NilVal, fmt.Errorf("the environment has no %s; a second argument is a default", args[0].AsString())
			},
		}),
		"file": function.New(&function.Spec{
			Params: []function.Parameter{{Name: "path", Type: cty.String}},
			Type:   function.StaticReturnType(cty.String),
			Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
				text, err := l.options.system.readFile(absolute(folder, args[0].AsString()))
				if err != nil {
					return cty.NilVal, fmt.Errorf("cannot read %s: %s", args[0].AsString(), readError(err))
				}
				return stdlib.Chomp(cty.StringVal(string(text)))
			},
		}),
	}
}

// misplacedInputs answer env() and file() where they are not allowed.
func misplacedInputs() map[string]function.Function {
	out := map[string]function.Function{}
	for _, name := range []string{"env", "file"} {
		out[name] = function.New(&function.Spec{
			VarParam: &function.Parameter{Name: "argument", Type: cty.DynamicPseudoType, AllowNull: true, AllowDynamicType: true, AllowUnknown: true},
			Type: func([]cty.Value) (cty.Type, error) {
				return cty.DynamicPseudoType, errors.New(`only the default of a variable may call it: write variable "x" { default = ` + name + `(...) } and here var.x`)
			},
			Impl: func([]cty.Value, cty.Type) (cty.Value, error) { return cty.DynamicVal, nil },
		})
	}
	return out
}
