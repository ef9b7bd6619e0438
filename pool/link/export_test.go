package link

// Inspect lets a test look at the descriptor.
func (c *Conn) Inspect(f func(fd uintptr)) { _ = c.raw.Control(f) }
