package static

import "fmt"

// linkError is a link that the policy refuses.
type linkError struct {
	link, target string
	policy       Symlinks
}

func (e *linkError) Error() string {
	return fmt.Sprintf("link %s leads to %s, symlinks = %q", e.link, e.target, string(e.policy))
}
