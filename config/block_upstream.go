package config

import "time"

// upstreamSchema is the upstream block: servers that somebody else runs.
func upstreamSchema() *schema {
	return &schema{
		name: "upstream", phrase: "an upstream", label: "NAME", named: true,
		doc: "A group of servers that somebody else runs, and how requests are spread over them.",
		rows: []row{
			{name: "protocol", kind: oneOf([]string{"http", "uwsgi"}, map[string]stage{"https": stageTopology, "h2c": stageTopology, "fastcgi": stageTopology, "scgi": stageTopology}), def: `"http"`,
				doc: "What the servers speak."},
			{name: "balance", kind: oneOf([]string{"least_conn", "round_robin"}, map[string]stage{"ip_hash": stageTopology, "hash": stageTopology, "random_two": stageTopology}), def: `"least_conn"`,
				doc: "Which server is next: the one with the fewest requests, or one after the other."},
			{name: "keepalive", kind: integer(), def: "64", min: 0, max: 1 << 16, doc: "Idle connections kept per server."},
			{name: "connect_timeout", kind: duration(), def: `"5s"`, max: time.Hour, doc: "How long connecting may take."},
			{name: "read_timeout", kind: duration(), zero: true, max: maxRequestTimeout,
				doc: "Time between two reads from a server; the location's request_timeout when not set, else 60s. 504."},
			{name: "send_timeout", kind: duration(), def: `"60s"`, max: maxRequestTimeout,
				doc: "Time between two writes to a server."},
			{name: "max_fails", kind: integer(), def: "1", min: 0, max: 1 << 16,
				doc: "Failures within fail_timeout after which a server is left alone; 0: never. The last server is never given up."},
			{name: "fail_timeout", kind: duration(), def: `"10s"`, max: 24 * time.Hour,
				doc: "How long failures count, and how long the server is left alone."},
			laterRow("hash_key", stageTopology, "What balance = \"hash\" goes by."),
		},
		blocks: []*schema{
			serverSchema(),
			laterBlock("retry", "", stageTopology, "When another server is tried."),
			laterBlock("health_check", "", stageTopology, "Asking servers whether they are well."),
			laterBlock("discover", "", stageTopology, "Servers by DNS."),
			laterBlock("queue", "", stageTopology, "Waiting for a free server."),
			laterBlock("tls", "", stageTopology, "TLS towards the servers."),
			laterBlock("fastcgi", "", stageTopology, "Parameters of FastCGI."),
		},
		sample: `server "a" {
  address = "127.0.0.1:9000"
}`,
		check: checkUpstream,
	}
}

// serverSchema is one member of an upstream.
func serverSchema() *schema {
	return &schema{
		name: "server", phrase: "a server", label: "NAME",
		doc: "One member of an upstream.",
		rows: []row{
			{name: "address", kind: dialAddress(), required: true, doc: "`\"host:port\"` or `\"unix:/run/x.sock\"`."},
			{name: "weight", kind: integer(), def: "1", min: 1, max: 1 << 16, doc: "Its share of the requests."},
			{name: "backup", kind: boolean(), def: "false", doc: "Used only while no other server is."},
			{name: "max_connections", kind: integer(), def: "0", min: 0, max: 1 << 20,
				doc: "Requests it gets at once; 0: no limit."},
		},
		sample: `address = "127.0.0.1:9000"`,
	}
}

func checkUpstream(c *checking, b *block) {
	servers := b.all("server")
	if len(servers) == 0 && !b.refused["server"] {
		c.errorAt(b.at, "Upstream "+quote(b.label)+" has no server", `Write: server "a" { address = "127.0.0.1:9000" }`)
		return
	}
	first := map[string]*block{}
	backups := 0
	for _, server := range servers {
		if server.flag("backup") {
			backups++
		}
		address := value[Address](server, "address").Text
		if before := first[address]; before != nil && address != "" {
			c.warnAt(server.place("address"), "duplicate-server", "Two servers have this address", "A larger share is said by weight. Leave one of them out, or write: weight = 2",
				related{"the other one is here", before.place("address")})
		}
		first[address] = server
	}
	if backups > 0 && backups == len(servers) {
		c.warnAt(b.at, "only-backups", "Upstream "+quote(b.label)+" has only backups", "They are used as if they were none. Leave backup out of one of them.")
	}
}

func (f *freezing) upstream(b *block) *Upstream {
	out := &Upstream{
		Block:          f.block(b),
		Protocol:       b.text("protocol"),
		Balance:        b.text("balance"),
		Keepalive:      b.integer("keepalive"),
		ConnectTimeout: b.duration("connect_timeout"),
		ReadTimeout:    pointer[time.Duration](b, "read_timeout"),
		SendTimeout:    b.duration("send_timeout"),
		MaxFails:       b.integer("max_fails"),
		FailTimeout:    b.duration("fail_timeout"),
	}
	for _, server := range b.all("server") {
		out.Servers = append(out.Servers, &UpstreamServer{
			Block:          f.block(server),
			Address:        value[Address](server, "address"),
			Weight:         server.integer("weight"),
			Backup:         server.flag("backup"),
			MaxConnections: server.integer("max_connections"),
		})
	}
	return out
}
