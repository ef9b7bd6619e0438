package config

// requestVariables are the names that may stand behind a dollar.
func requestVariables() []string {
	return []string{
		"remote_addr", "remote_port", "remote_user", "host", "scheme", "method", "request_uri", "path", "rest", "args",
		"request", "protocol", "server_port", "status", "bytes_sent", "body_bytes_sent", "request_length", "request_start",
		"request_time", "queue_time", "app_time", "worker", "pool", "upstream", "upstream_addr", "upstream_status",
		"upstream_time", "site", "location", "request_id", "attempts", "time_local", "time_iso8601", "reason",
		"tls_version", "tls_sni", "tls_client_verify", "tls_client_subject", "tls_client_serial", "tls_client_fingerprint",
	}
}

// variableFamilies are beginnings behind which a name is free: $http_accept.
func variableFamilies() []string {
	return []string{"sent_http_", "http_", "cookie_", "arg_", "match_"}
}

// foreignVariables translate names of nginx, Gunicorn, uWSGI, Apache and Caddy.
func foreignVariables() map[string]string {
	return map[string]string{
		"binary_remote_addr": "remote_addr", "uri": "path", "document_uri": "path", "request_method": "method",
		"query_string": "args", "server_protocol": "protocol", "http_host": "host", "server_name": "site",
		"body_bytes": "body_bytes_sent", "upstream_response_time": "upstream_time", "connection_requests": "attempts",
		"ssl_protocol": "tls_version", "ssl_server_name": "tls_sni", "ssl_client_verify": "tls_client_verify",
		"ssl_client_s_dn": "tls_client_subject", "ssl_client_serial": "tls_client_serial", "ssl_client_fingerprint": "tls_client_fingerprint",
		"https": "scheme", "realip_remote_addr": "remote_addr",
		"h": "remote_addr", "l": "remote_user", "u": "remote_user", "t": "time_local", "r": "request", "s": "status",
		"b": "body_bytes_sent", "f": "http_referer", "a": "http_user_agent", "d": "request_time", "l_seconds": "request_time",
		"addr": "remote_addr", "user": "remote_user", "proto": "protocol", "uagent": "http_user_agent",
		"referer": "http_referer", "size": "bytes_sent", "rsize": "body_bytes_sent", "msecs": "request_time",
		"micros": "request_time", "ltime": "time_local", "wid": "worker", "ctime": "time_local",
	}
}
