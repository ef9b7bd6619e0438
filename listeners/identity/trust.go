// Package identity owns who a request is from when proxies stand in front:
// which peers may say so, which header field they say it in, and how far back
// their word is believed. It refuses to look at anything a peer says that is
// not trusted, and to pick the first entry of a list because it looks right.
package identity

import (
	"net/http"
	"net/netip"

	"github.com/appserve/appserve/listeners/networks"
)

// Trust says whom to believe, and about what. It is immutable.
type Trust struct {
	proxies *networks.Set
	field   string // canonical
}

// New makes a Trust; nil when nobody is trusted. field is the header field
// that names the client: X-Forwarded-For, Forwarded, X-Real-IP, CF-Connecting-IP
// or another one of addresses; empty: X-Forwarded-For.
func New(proxies *networks.Set, field string) *Trust {
	if proxies.Empty() {
		return nil
	}
	if field == "" {
		field = "X-Forwarded-For"
	}
	return &Trust{proxies: proxies, field: http.CanonicalHeaderKey(field)}
}

// Client is what a request's proxies say about it, as far as they are trusted.
// What nobody trusted said is empty.
type Client struct {
	Host   string // the client's address; empty: it is the peer itself
	Port   string // the client's port; empty: not known
	Scheme string // "http" or "https"
	Name   string // the host that the client asked for, as it wrote it, with its port
	Listen string // the port that the client connected to
}

// Read says what the header of a request from peer means. peer is the address
// of the connection, empty on a unix socket. Not ok: the peer is not trusted,
// and nothing in the header may be believed.
//
// Addresses are read from right to left: the last one is the peer's own word,
// and as long as an address is that of a trusted proxy, the one before it is
// that proxy's word. The walk ends at the first address that is not trusted,
// at the beginning of the list, or before an entry that is no address: then
// the last believable one is the client.
func (t *Trust) Read(header http.Header, peer string) (c Client, ok bool) {
	var from netip.Addr
	if peer != "" {
		var err error
		if from, err = netip.ParseAddr(peer); err != nil {
			return Client{}, false
		}
	}
	if !t.proxies.Contains(from) {
		return Client{}, false
	}
	if t.field == "Forwarded" {
		t.readForwarded(&c, header[t.field])
		return c, true
	}
	t.readAddresses(&c, header[t.field])
	c.readScheme(header["X-Forwarded-Proto"])
	c.readName(header["X-Forwarded-Host"])
	c.readListen(header["X-Forwarded-Port"])
	return c, true
}

// Field is the header field that names the client, in its canonical form.
func (t *Trust) Field() string { return t.field }

// readAddresses walks a list of addresses, which may have several lines.
func (t *Trust) readAddresses(c *Client, lines []string) {
	for i := len(lines) - 1; i >= 0; i-- {
		for rest, more := lines[i], true; more; {
			var entry string
			rest, entry, more = lastItem(rest)
			n, ok := parseNode(entry)
			if !ok {
				return
			}
			c.Host, c.Port = n.host, n.port
			if !t.proxies.Contains(n.addr) {
				return
			}
		}
	}
}
