package config

// stage is the part of appserve's growth that delivers a row. A row of a
// later stage is recognised and refused, never parsed and ignored.
type stage string

// The stages after the first; the zero value is what this version has.
const (
	stageMain     stage = ""
	stageFront    stage = "front"
	stageWorkers  stage = "workers"
	stageASGI     stage = "asgi"
	stageTopology stage = "topology"
	stageOperate  stage = "operate"
	stageLater    stage = "later"
)

// schema describes one block: what may stand in it, and what it is for.
type schema struct {
	name    string // "pool"
	phrase  string // "a pool", for sentences
	label   string // what the label is called: "NAME", "PATH"; empty: no label
	named   bool   // the label is referred to, so it is a plain name
	single  bool   // at most one in its parent
	implied bool   // exists with its defaults even when nobody writes it
	rule    bool   // stands in a location, or in its site as the default of its locations
	inScope bool   // decoded with the scope: variable, locals, function
	stage   stage
	doc     string // what the block is for, a sentence or two
	rows    []row
	blocks  []*schema
	sample  string // a body that loads, for tests and the reference
	check   func(c *checking, b *block)
}

// row describes one attribute. The decoder, -t, -T, the reference and the
// messages all read the same row: adding a setting is adding a row.
type row struct {
	name       string
	kind       kind
	required   bool
	def        string      // the default as it would be written; empty: not set
	computed   computeFunc // a default that depends on more than the row; def then says it in words
	min, max   any         // bounds, in the kind's own Go type; nil: none
	zero       bool        // a bare 0 is allowed and means no limit
	doc        string      // one or two sentences, without the name
	example    string      // an expression that loads; the kind's own when empty
	bad        string      // an expression that is refused; the kind's own when empty
	secret     bool        // never shown: masked in dumps
	stage      stage
	since      string       // version; empty: the first
	deprecated *deprecation // nil: current
}

// computeFunc works out a default from the finished blocks. nil means "not set".
type computeFunc func(c *completion, b *block) any

// deprecation says what to write instead of a row, and how long it still works.
type deprecation struct {
	use     string // the new name
	removed string // the version that will refuse it
}

// enabledRow stands in every block.
func enabledRow() row {
	return row{
		name: "enabled", kind: boolean(), def: "true",
		doc: "`false` leaves the block out as if it were not written; it is still checked.",
	}
}

// ruleEnabledRow is enabledRow where a site's block may hold as well.
func ruleEnabledRow() row {
	r := enabledRow()
	r.doc = "`false` leaves the block out; in a location it also switches off what the site says."
	return r
}

// row finds a row by name; nil when there is none. Rows of later stages count.
func (s *schema) row(name string) *row {
	for i := range s.rows {
		if s.rows[i].name == name {
			return &s.rows[i]
		}
	}
	return nil
}

// block finds a block schema by name; nil when there is none.
func (s *schema) block(name string) *schema {
	for _, child := range s.blocks {
		if child.name == name {
			return child
		}
	}
	return nil
}

// names lists what may be written in the block, for suggestions.
func (s *schema) names() []string {
	var names []string
	for i := range s.rows {
		if s.rows[i].stage == stageMain {
			names = append(names, s.rows[i].name)
		}
	}
	for _, child := range s.blocks {
		if child.stage == stageMain {
			names = append(names, child.name)
		}
	}
	return names
}

// walk visits a schema and everything that may stand in it.
func (s *schema) walk(visit func(*schema)) {
	visit(s)
	for _, child := range s.blocks {
		child.walk(visit)
	}
}

// language is the whole of it: what may stand at the top of a file.
func language() *schema {
	root := &schema{
		name:   "top level",
		phrase: "the top level of a file",
		blocks: []*schema{
			appserveSchema(), logSchema(), listenerSchema(), siteSchema(), poolSchema(), upstreamSchema(),
			variableSchema(), localsSchema(), functionSchema(), adminSchema(), acmeSchema(),
		},
	}
	root.walk(func(s *schema) {
		if s != root && !s.inScope && s.stage == stageMain && s.row("enabled") == nil {
			enabled := enabledRow()
			if s.rule {
				enabled = ruleEnabledRow()
			}
			s.rows = append([]row{enabled}, s.rows...)
		}
	})
	return root
}
