// Package errorpage owns the pages that take the place of error answers: which
// one a status gets, and its content. It refuses to read a file while a request
// waits for it, and to know how an answer is sent.
package errorpage

import "fmt"

// Pages are the pages of a location. They are immutable; nil ones are none.
type Pages struct {
	status map[int]*Page
	class  [6]*Page // by the first digit
}

// New compiles pages and reads their files. Of two for the same the later one
// counts, so that a location's can stand behind its site's.
func New(configs []Config) (*Pages, error) {
	p := &Pages{status: map[int]*Page{}}
	for _, c := range configs {
		status, class, err := parseFor(c.For)
		if err != nil {
			return nil, err
		}
		page, err := newPage(c)
		if err != nil && c.Declared != "" {
			return nil, fmt.Errorf("error page %q (%s): %w", c.For, c.Declared, err)
		}
		if err != nil {
			return nil, fmt.Errorf("error page %q: %w", c.For, err)
		}
		if status != 0 {
			p.status[status] = page
		} else {
			p.class[class] = page
		}
	}
	return p, nil
}

// Find gives the page for a status: its own before that of its class; nil when
// there is none.
func (p *Pages) Find(status int) *Page {
	if p == nil || status < 400 || status > 599 {
		return nil
	}
	if page := p.status[status]; page != nil {
		return page
	}
	return p.class[status/100]
}

// Intercepting gives the page that takes the place of what an application
// answers with a status; nil when its answer stays.
func (p *Pages) Intercepting(status int) *Page {
	if page := p.Find(status); page != nil && page.intercept {
		return page
	}
	return nil
}
