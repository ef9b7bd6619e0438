package main

import "fmt"

// planCaddy serves the static files.
func planCaddy(s *setup) ([]command, error) {
	precompressed := ""
	if s.site == sidecarSite {
		precompressed = " {\n\t\tprecompressed br gzip\n\t}"
	}
	path, err := s.write("Caddyfile", fmt.Sprintf(`{
	admin off
	auto_https off
	log {
		output discard
	}
}
http://127.0.0.1:%d {
	bind 127.0.0.1
	root * %s
	file_server%s
}
`, s.port, s.static(), precompressed))
	if err != nil {
		return nil, err
	}
	return []command{{
		name:  "caddy",
		argv:  []string{s.programs["caddy"], "run", "--config", path, "--adapter", "caddyfile"},
		env:   []string{"XDG_CONFIG_HOME=" + s.dir, "XDG_DATA_HOME=" + s.dir, "HOME=" + s.dir},
		front: true, tree: true,
	}}, nil
}
