package identity

import (
	"strings"

	"github.com/appserve/appserve/listeners/hygiene"
)

// last is the last item of a field: the one that the peer itself added. Only
// that one is believed of the fields beside the addresses, because nothing
// says which of the items before it belongs to which proxy.
func last(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	_, item, _ := lastItem(lines[len(lines)-1])
	return item
}

func (c *Client) readScheme(lines []string) { c.setScheme(last(lines)) }

// setScheme keeps what is a scheme of ours; a WebSocket has the one of its handshake.
func (c *Client) setScheme(said string) {
	switch {
	case strings.EqualFold(said, "https"), strings.EqualFold(said, "wss"):
		c.Scheme = "https"
	case strings.EqualFold(said, "http"), strings.EqualFold(said, "ws"):
		c.Scheme = "http"
	}
}

func (c *Client) readName(lines []string) { c.setName(last(lines)) }

// setName keeps what could stand in a Host field.
func (c *Client) setName(said string) {
	if name, ok := hygiene.Host(said); ok && name != "" {
		c.Name = said
	}
}

func (c *Client) readListen(lines []string) {
	if port := last(lines); isPort(port) {
		c.Listen = port
	}
}
