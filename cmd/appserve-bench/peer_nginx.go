package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// planNginx serves the static files and the constant answer.
func planNginx(s *setup) ([]command, error) {
	location := fmt.Sprintf("root %s;", s.static())
	switch s.site {
	case sidecarSite:
		location += " gzip_static on;"
	case constantSite:
		location = fmt.Sprintf("default_type text/plain; return 200 %q;", hello)
	}
	front, err := nginx(s, location)
	if err != nil {
		return nil, err
	}
	return []command{front}, nil
}

// planNginxUwsgi is the classic pair.
func planNginxUwsgi(s *setup) ([]command, error) {
	socket := s.file("uwsgi.sock")
	var location strings.Builder
	fmt.Fprintf(&location, "uwsgi_pass unix:%s;\n", socket)
	for name, value := range uwsgiParams() {
		fmt.Fprintf(&location, "uwsgi_param %s %s;\n", name, value)
	}
	front, err := nginx(s, location.String())
	if err != nil {
		return nil, err
	}
	argv := []string{
		s.programs["uwsgi"], "--master", "--need-app", "--die-on-term", "--disable-logging",
		"--socket", socket, "--listen", "1024",
		"--processes", strconv.Itoa(s.workers),
		"--chdir", s.shared, "--module", s.app(),
	}
	if plugin := "/usr/lib/uwsgi/plugins/python3_plugin.so"; s.programs["uwsgi"] == "/usr/bin/uwsgi" && exists(plugin) {
		// A distribution's uWSGI is a core that loads its languages; this one
		// brings the distribution's Python.
		argv = append(argv, "--plugin", "python3")
		if packages := sitePackages(s.python); packages != "" {
			argv = append(argv, "--pythonpath", packages)
		}
	}
	return []command{{name: "uwsgi", argv: argv}, front}, nil
}

// nginx writes a configuration with one location and returns its process.
func nginx(s *setup, location string) (command, error) {
	user := ""
	if os.Geteuid() == 0 {
		user = "user root;" // else its workers may not enter our folder
	}
	path, err := s.write("nginx.conf", fmt.Sprintf(`
%s
worker_processes %d;
daemon off;
pid %[3]s/nginx.pid;
error_log %[3]s/nginx.log warn;
events {
  worker_connections %[7]d;
}
http {
  default_type application/octet-stream;
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_timeout 75s;
  keepalive_requests 1000000;
  client_max_body_size 16m;
  client_body_temp_path %[3]s/body;
  proxy_temp_path %[3]s/proxy;
  fastcgi_temp_path %[3]s/fastcgi;
  uwsgi_temp_path %[3]s/uwsgi;
  scgi_temp_path %[3]s/scgi;
  server {
    listen %[4]s backlog=4096%[6]s
    location / {
      %[5]s
    }
  }
}
`, user, s.workers, s.dir, s.address(), location, nginxTLS(s), nginxConnections(s)))
	if err != nil {
		return command{}, err
	}
	return command{
		name:  "nginx",
		argv:  []string{s.programs["nginx"], "-e", s.file("nginx.log"), "-p", s.dir, "-c", path},
		front: true, tree: true,
	}, nil
}

// nginxConnections is how many connections each worker has room for, in memory
// that it takes at once.
func nginxConnections(s *setup) int {
	if s.site == crowdSite {
		return 16384
	}
	return 4096
}

// nginxTLS ends the listen directive, with what TLS needs after it.
func nginxTLS(s *setup) string {
	if s.site.scheme() == "http" {
		return ";"
	}
	http2 := ""
	if s.site == h2Site {
		http2 = " http2"
	}
	return fmt.Sprintf(" ssl%s;\n    ssl_certificate %s;\n    ssl_certificate_key %s;\n    ssl_protocols TLSv1.2 TLSv1.3;",
		http2, s.certificate(), s.key())
}

// uwsgiParams is what nginx's own uwsgi_params file sets.
func uwsgiParams() map[string]string {
	return map[string]string{
		"QUERY_STRING":    "$query_string",
		"REQUEST_METHOD":  "$request_method",
		"CONTENT_TYPE":    "$content_type",
		"CONTENT_LENGTH":  "$content_length",
		"REQUEST_URI":     "$request_uri",
		"PATH_INFO":       "$document_uri",
		"DOCUMENT_ROOT":   "$document_root",
		"SERVER_PROTOCOL": "$server_protocol",
		"REQUEST_SCHEME":  "$scheme",
		"HTTPS":           "$https if_not_empty",
		"REMOTE_ADDR":     "$remote_addr",
		"REMOTE_PORT":     "$remote_port",
		"SERVER_PORT":     "$server_port",
		"SERVER_NAME":     "$server_name",
	}
}
