package config

import (
	"path/filepath"

	"github.com/hashicorp/hcl/v2"
)

// loading is one load in progress. Nothing in it outlives the load but what
// Loaded keeps for messages.
type loading struct {
	options  Options
	language *schema
	diags    *diagnostics
	sources  *sources
	scope    *scope
	root     *block
}

// Load reads, evaluates and checks a configuration. It never returns nil and
// never stops at the first mistake: ask the result for errors.
func Load(o Options) *Loaded {
	l, out := newLoading(o)
	l.run(out, l.find(l.options.Paths))
	return out
}

// newLoading starts a load, and the result that it fills.
func newLoading(o Options) (*loading, *Loaded) {
	l := &loading{options: o.withDefaults(), language: language(), sources: newSources()}
	out := &Loaded{sources: l.sources, places: map[Source]hcl.Range{}}
	l.diags = &out.diagnostics
	return l, out
}

// run goes through the phases. What follows a broken phase would only repeat its errors.
func (l *loading) run(out *Loaded, names []string) {
	files := l.parse(names)
	out.files = len(files)
	if l.diags.has(SeverityError) || !l.sniff(files) {
		return
	}
	l.root = newBlock(l.language, nil)
	l.root.at = wholeOf(files)
	rest := l.buildScope(files)
	for _, file := range rest {
		l.root.folder = file.folder
		l.decodeBody(l.root, file.body)
	}
	l.ignoreWarnings()
	l.requireBlocks()
	l.resolve()
	l.check()
	if l.diags.has(SeverityError) {
		return
	}
	l.complete()
	out.root = l.root
	out.config = l.freeze(out.places)
}

// ignoreWarnings takes note of the warnings that are not wanted.
func (l *loading) ignoreWarnings() {
	if server := l.root.one("appserve"); server != nil {
		l.diags.ignored = server.texts("ignore_warnings")
	}
}

// wholeOf is what a message about the configuration as a whole points at.
func wholeOf(files []parsed) hcl.Range {
	if len(files) == 0 {
		return hcl.Range{}
	}
	return firstByte(files[0].name)
}

// folderOf is the folder that relative paths of a file start from.
func folderOf(name string) string {
	if abs, err := filepath.Abs(name); err == nil {
		name = abs
	}
	return filepath.Dir(name)
}
