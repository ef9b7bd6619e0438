package config

import (
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
			laterRow("protocol", stageTopology, "uwsgi, FastCGI or SCGI on a listener, for an nginx or Apache in front."),
			laterRow("body_timeout", stageFront, "Time between two successful reads of a request body."),
			laterRow("send_timeout", stageFront, "Time between two successful writes of a response."),
			laterRow("min_rate", stageFront, "The least rate of a request body."),
			laterRow("max_header_count", stageFront, "The most request headers."),
			laterRow("max_connections", stageFront, "The most open connections."),
			laterRow("trusted_proxies", stageFront, "Clients whose forwarded headers are believed."),
			laterRow("client_ip_header", stageFront, "The header that names the client behind a trusted proxy."),
			laterRow("proxy_protocol_from", stageFront, "Clients that must send the PROXY protocol."),
			laterRow("h2c", stageFront, "HTTP/2 without TLS, by prior knowledge."),
		},
		blocks: []*schema{laterBlock("tls", "", stageFront, "TLS: certificate and key, versions, client certificates.")},
		sample: `address = "127.0.0.1:8000"`,
		check:  checkListener,
	}
}

// checkListener refuses rows of unix sockets where there is none.
func checkListener(c *checking, b *block) {
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
		MaxHeaderSize:    b.size("max_header_size"),
	}
}
