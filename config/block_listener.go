package config

import (
	"net/textproto"
	"strings"
	"time"
)

// listenerSchema is the listener block: sockets, and how connections on them are treated.
func listenerSchema() *schema {
	return &schema{
		name: "listener", phrase: "a listener", label: "NAME", named: true,
		doc: "Sockets that clients connect to, and how long they may take.",
		rows: []row{
			{name: "address", kind: oneOrList(listenAddress()), required: true,
				doc: "Where to listen: `\":80\"`, `\"127.0.0.1:8000\"`, `\"[::1]:8000\"`, `\"unix:/run/x.sock\"`, `\"unix:@abstract\"`, `\"systemd:NAME\"`; one or a list."},
			{name: "mode", kind: mode(), def: `"0660"`, doc: "Permissions of a unix socket."},
			{name: "user", kind: account(), example: `"www-data"`, doc: "Owner of a unix socket."},
			{name: "group", kind: account(), example: `"www-data"`, doc: "Group of a unix socket."},
			{name: "backlog", kind: integer(), def: "4096", min: 1, max: 1 << 20,
				doc: "Connections that may wait to be accepted."},
			{name: "header_timeout", kind: duration(), def: `"15s"`, max: time.Hour,
				doc: "How long the whole request head may take; 408 after it."},
			{name: "keepalive_timeout", kind: duration(), def: `"75s"`, max: 24 * time.Hour,
				doc: "How long a connection may be idle between two requests."},
			{name: "max_header_size", kind: size(), def: `"32KiB"`, min: byteSize(1 << 10), max: byteSize(16 << 20),
				doc: "The largest request head; 431 above it."},
			{name: "max_header_count", kind: integer(), def: "100", min: 1, max: 10000,
				doc: "The most headers of a request; 431 above it."},
			{name: "body_timeout", kind: duration(), def: `"60s"`, max: 24 * time.Hour,
				doc: "How long the client may send nothing of a request body that is waited for: between two successful reads, not in all. 408."},
			{name: "send_timeout", kind: duration(), def: `"60s"`, max: 24 * time.Hour,
				doc: "How long the client may take nothing of a response: between two successful writes, while there is something to send. The connection is closed after it."},
			{name: "min_rate", kind: byteRate(), def: `"240B/s"`, zero: true,
				doc: "The slowest a request body may come, after its first 10 seconds; 408 below it."},
			{name: "max_connections", kind: integer(), def: "0", min: 0, max: 1 << 24,
				doc: "Connections at once; further ones wait to be accepted. 0: four fifths of what the descriptor limit allows."},
			{name: "trusted_proxies", kind: listOf(clientNetwork()), def: "[\"unix\"] on a unix socket, else []", computed: defaultTrustedProxies, example: `["10.0.0.0/8"]`,
				doc: "Peers whose forwarded headers are believed: addresses, networks, or `unix` for every peer of a unix socket. The header is read from right to left; the first address that is not trusted is the client."},
			{name: "client_ip_header", kind: headerName(`"X-Real-IP"`, clientHeaderFault), def: `"X-Forwarded-For"`,
				doc: "The header in which a trusted proxy names the client: `X-Forwarded-For`, `Forwarded`, `X-Real-IP`, `CF-Connecting-IP` and the like."},
			{name: "proxy_protocol_from", kind: listOf(addressNetwork()), def: "[]",
				doc: "Peers that must send the PROXY protocol, version 1 or 2: addresses or networks. Others must not."},
			{name: "h2c", kind: boolean(), def: "false",
				doc: "HTTP/2 without TLS, by prior knowledge, for an ingress or a mesh in front. HTTP/1.1 goes on."},
			laterRow("protocol", stageTopology, "uwsgi, FastCGI or SCGI on a listener, for an nginx or Apache in front."),
		},
		blocks: []*schema{tlsSchema()},
		sample: `address = "127.0.0.1:8000"`,
		check:  checkListener,
	}
}

// defaultTrustedProxies trusts the peers of unix sockets: who may open the
// socket is said by its mode. A socket of systemd may be one.
func defaultTrustedProxies(_ *completion, b *block) any {
	for _, address := range itemsAs[Address](b.list("address")) {
		if address.Network == "unix" || address.Network == "systemd" {
			return []item{{value: network{unix: true}}}
		}
	}
	return []item{}
}

// clientHeaderFault answers headers that name no client.
func clientHeaderFault(name string) string {
	if why := framingFault(name); why != "" {
		return "names no client. Write: \"X-Forwarded-For\""
	}
	switch name {
	case "Host", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port":
		return "names no client. Write: \"X-Forwarded-For\""
	}
	return ""
}

// checkListener refuses rows that contradict each other, and rows of unix
// sockets where there is none.
func checkListener(c *checking, b *block) {
	if h2c := b.written("h2c"); h2c != nil && b.flag("h2c") && b.one("tls") != nil {
		c.errorAt(h2c.nameAt, `"h2c" and "tls" exclude each other`, "HTTP/2 over TLS is said by http2 in the tls block, and is on. Leave h2c out.",
			related{"the tls block is here", b.one("tls").at})
	}
	if header := b.written("client_ip_header"); header != nil && b.written("trusted_proxies") != nil && len(b.list("trusted_proxies")) == 0 {
		c.errorAt(header.nameAt, `"client_ip_header" means nothing when nobody is trusted`, "Write the addresses of the proxies in front: trusted_proxies = [\"10.0.0.0/8\"]")
	}
	unix := false
	for _, address := range itemsAs[Address](b.list("address")) {
		unix = unix || address.Network == "unix" && !strings.HasPrefix(address.Target, "@")
	}
	for _, name := range []string{"mode", "user", "group"} {
		if s := b.written(name); s != nil && !unix && b.written("address") != nil {
			c.errorAt(s.nameAt, quote(name)+" belongs to a unix socket",
				"This listener has none with a path. Leave it out, or write: address = \"unix:/run/appserve/"+b.label+".sock\"")
		}
	}
}

func (f *freezing) listener(b *block) *Listener {
	return &Listener{
		Block:            f.block(b),
		Addresses:        itemsAs[Address](b.list("address")),
		Mode:             b.mode("mode"),
		User:             b.text("user"),
		Group:            b.text("group"),
		Backlog:          b.integer("backlog"),
		HeaderTimeout:    b.duration("header_timeout"),
		KeepaliveTimeout: b.duration("keepalive_timeout"),
		BodyTimeout:      b.duration("body_timeout"),
		SendTimeout:      b.duration("send_timeout"),
		MinRate:          int64(value[bytesPerSecond](b, "min_rate")),
		MaxHeaderSize:    b.size("max_header_size"),
		MaxHeaderCount:   b.integer("max_header_count"),
		MaxConnections:   b.integer("max_connections"),
		TrustedProxies:   *networks(b, "trusted_proxies"),
		ClientIPHeader:   textproto.CanonicalMIMEHeaderKey(b.text("client_ip_header")),
		ProxyProtocol:    networks(b, "proxy_protocol_from").Prefixes,
		H2C:              b.flag("h2c"),
		TLS:              f.tls(b.one("tls")),
	}
}
