package routing

// Found is where a path leads.
type Found[T any] struct {
	Value T
	// Matched is how much of the path belongs to the location: path[Matched:]
	// follows it, with its slash. Exact and prefix: the location's path. Glob:
	// the whole segments before its first wildcard, /assets for /assets/*.css.
	// Regex: nothing, so that the whole path follows.
	Matched int
	Groups  *Groups // of a regex with named groups; nil otherwise
}
