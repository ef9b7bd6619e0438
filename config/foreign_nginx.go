package config

// nginxNames are directives of nginx about sites and locations.
func nginxNames() []foreign {
	return []foreign{
		{name: "server_name", of: "nginx", in: "site", ours: "hosts", write: "hosts = [VALUE]"},
		{name: "server_names", of: "nginx", in: "site", ours: "hosts", write: "hosts = VALUE"},
		{name: "listen", of: "nginx and Unit", in: "listener", ours: "address",
			say: "A site names its listeners; the address is theirs.", write: `listener "http" { address = VALUE } and in the site: listeners = [listener.http]`, unit: ":"},
		{name: "proxy_pass", of: "nginx", in: "location", ours: "pass",
			say: "A server is described once, in an upstream block; the location names it.", write: "pass = upstream.NAME"},
		{name: "uwsgi_pass", of: "nginx", in: "location", ours: "pass",
			say: `A server is described once, in an upstream block with protocol = "uwsgi"; the location names it.`, write: "pass = upstream.NAME"},
		{name: "fastcgi_pass", of: "nginx", say: `The protocol "fastcgi" of upstreams comes with the stage "topology".`},
		{name: "scgi_pass", of: "nginx", say: `The protocol "scgi" of upstreams comes with the stage "topology".`},
		{name: "grpc_pass", of: "nginx", say: `The protocol "h2c" of upstreams comes with the stage "topology".`},
		{name: "root", of: "nginx", in: "static",
			say:   "In nginx the location's path is added to root, here what follows the location is looked up beneath the directory.",
			write: "static { directory = VALUE }"},
		{name: "alias", of: "nginx", in: "static", ours: "directory",
			say: "What follows the location is looked up beneath the directory.", write: "static { directory = VALUE }"},
		{name: "try_files", of: "nginx", in: "static", ours: "try", write: `static { try = ["$rest", "/index.html"] }, and fallback = pool.NAME for what is not a file`},
		{name: "expires", of: "nginx", in: "static", ours: "max_age", write: "static { max_age = VALUE }"},
		{name: "return", of: "nginx", in: "location", ours: "redirect", say: "A redirect and a fixed answer are blocks.",
			write: `redirect { to = "https://$host$request_uri" } or respond { status = 404 }`},
		{name: "rewrite_rule", of: "Apache", in: "location", ours: "redirect", write: `redirect { to = "/new$rest" }`},
		{name: "client_max_body_size", of: "nginx", in: "location", ours: "max_body_size", write: "max_body_size = VALUE", unit: "MiB"},
		{name: "proxy_read_timeout", of: "nginx", in: "location", ours: "request_timeout", write: "request_timeout = VALUE", unit: "s"},
		{name: "uwsgi_read_timeout", of: "nginx", in: "location", ours: "request_timeout", write: "request_timeout = VALUE", unit: "s"},
		{name: "proxy_connect_timeout", of: "nginx", in: "upstream", ours: "connect_timeout", write: "connect_timeout = VALUE", unit: "s"},
		{name: "proxy_send_timeout", of: "nginx", in: "upstream", ours: "send_timeout", write: "send_timeout = VALUE", unit: "s"},
		{name: "keepalive_requests", of: "nginx", say: "Connections are kept by time only: keepalive_timeout in a listener."},
		{name: "client_header_timeout", of: "nginx", in: "listener", ours: "header_timeout", write: "header_timeout = VALUE", unit: "s"},
		{name: "client_body_timeout", of: "nginx", in: "listener", ours: "body_timeout", say: `appserve calls it "body_timeout"; it comes with the stage "front".`},
		{name: "large_client_header_buffers", of: "nginx", in: "listener", ours: "max_header_size", write: `max_header_size = "32KiB"`},
		{name: "proxy_set_header", of: "nginx", in: "location", ours: "request_headers",
			say: `X-Forwarded-For, -Proto, -Host, -Port, X-Real-IP and X-Request-ID are always set. Others are said by "request_headers", which comes with the stage "front".`},
		{name: "add_header", of: "nginx", in: "location", ours: "response_headers", say: `appserve calls it "response_headers"; it comes with the stage "front".`},
		{name: "gzip", of: "nginx", in: "location", ours: "compress", say: `appserve calls it "compress"; it comes with the stage "front".`},
		{name: "ssl_certificate", of: "nginx", in: "listener", ours: "tls", say: `TLS belongs to a listener: tls { certificate = ... key = ... }; it comes with the stage "front".`},
		{name: "ssl_certificate_key", of: "nginx", in: "listener", ours: "tls", say: `TLS belongs to a listener: tls { certificate = ... key = ... }; it comes with the stage "front".`},
		{name: "auth_basic", of: "nginx", in: "location", ours: "basic_auth", say: `appserve calls it "basic_auth"; it comes with the stage "front".`},
		{name: "limit_req", of: "nginx", in: "location", ours: "rate_limit", say: `appserve calls it "rate_limit"; it comes with the stage "front".`},
	}
}

// nginxServerNames are directives of nginx about the process, its log and its blocks.
func nginxServerNames() []foreign {
	return []foreign{
		{name: "worker_processes", of: "nginx", say: `appserve itself is one process on all CPUs. Python's processes are counted per pool: pool "NAME" { processes = 4 }`},
		{name: "worker_connections", of: "nginx", in: "listener", ours: "max_connections", say: `appserve calls it "max_connections", in a listener; it comes with the stage "front".`},
		{name: "worker_rlimit_nofile", of: "nginx", say: "appserve raises the limit itself; the service manager says how far."},
		{name: "error_log", of: "nginx", in: "log", ours: "output", write: `log { output = VALUE }`},
		{name: "log_format", of: "nginx", in: "access_log", ours: "format", write: `access_log { format = "$remote_addr \"$request\" $status" }`},
		{name: "pid", of: "nginx", in: "appserve", ours: "pid_file", write: "appserve { pid_file = VALUE }"},
		{name: "http", of: "nginx", say: "There is no block around everything: listener, site, pool and upstream blocks stand at the top level of a file."},
		{name: "events", of: "nginx", say: "There is nothing to choose about connections. Leave it out."},
		{name: "server", of: "nginx", in: "site", ours: "site", say: `In appserve a server block describes a member of an upstream. What nginx calls so is a site.`,
			write: `site "NAME" { hosts = ["www.example.com"] }`},
		{name: "default_server", of: "nginx", in: "site", ours: "hosts", write: `hosts = ["*"]`},
		{name: "autoindex_exact_size", of: "nginx", say: `Folder listings come with the stage "front": autoindex.`},
		{name: "sendfile", of: "nginx", say: "It is always on. Leave it out."},
		{name: "tcp_nodelay", of: "nginx", say: "It is always on. Leave it out."},
		{name: "least_conn", of: "nginx", in: "upstream", ours: "balance", write: `balance = "least_conn"`},
		{name: "ip_hash", of: "nginx", in: "upstream", ours: "balance", say: `balance = "ip_hash" comes with the stage "topology".`},
	}
}
