package config

// variableSchema is the variable block: an input of the configuration.
func variableSchema() *schema {
	return &schema{
		name: "variable", phrase: "a variable", label: "NAME", inScope: true,
		doc: "An input of the configuration, used as `var.NAME`. Set by `-var NAME=value`, by `-var-file`, or by `APPSERVE_VAR_NAME` in the environment, in this order; else the default holds.",
		rows: []row{
			{name: "default", kind: expression("any", `"example.com"`, ""),
				doc: "The value when nobody sets one. The functions `env(name, default)` and `file(path)` may be called here, and only here. Without it the variable must be set."},
			{name: "type", kind: expression("type", "string", ""),
				doc: "`string`, `number`, `bool`, `list(string)`, `map(string)`; that of the default when not set."},
			{name: "description", kind: anyText(), example: `"the domain of all sites"`, doc: "What it is for."},
			{name: "sensitive", kind: boolean(), def: "false",
				doc: "Keeps the value, and whatever is made of it, out of dumps and messages."},
		},
	}
}

// localsSchema is the locals block: names for values.
func localsSchema() *schema {
	return &schema{
		name: "locals", phrase: "a locals block", inScope: true,
		doc: "Names for values: `locals { home = \"/srv/mysite\" }` is used as `local.home`. They may use variables, functions and each other.",
	}
}

// functionSchema is the function block: a function written in HCL.
func functionSchema() *schema {
	return &schema{
		name: "function", phrase: "a function block", label: "NAME", inScope: true,
		doc: "A function: `function \"venv\" { params = [app] result = \"/srv/${app}/.venv\" }` (on lines of their own) is called as `venv(\"shop\")`.",
	}
}
