package main

// site is what a server is set up to serve. Each server runs once per site.
type site string

const (
	plainSite    site = "plain"    // apps/bench_plain.py
	djangoSite   site = "django"   // apps/bench_django.py
	tlsSite      site = "tls"      // plainSite through TLS, HTTP/1.1 only
	h2Site       site = "h2"       // plainSite through TLS, HTTP/2 to those who can
	crowdSite    site = "crowd"    // plainSite with room for thousands of connections
	staticSite   site = "static"   // a folder of files
	sidecarSite  site = "sidecar"  // the same folder; the coded files beside them count
	constantSite site = "constant" // an answer that stands in the configuration
)

// sites are all sites, in the order in which they are loaded.
func sites() []site {
	return []site{plainSite, tlsSite, h2Site, crowdSite, djangoSite, staticSite, sidecarSite, constantSite}
}

// module is the Python module of a site, with application in it; "": none.
func (s site) module() string {
	switch s {
	case plainSite, tlsSite, h2Site, crowdSite:
		return "bench_plain"
	case djangoSite:
		return "bench_django"
	}
	return ""
}

// files is whether s is the folder of files.
func (s site) files() bool { return s == staticSite || s == sidecarSite }

// scheme is https where s is served through TLS.
func (s site) scheme() string {
	if s == tlsSite || s == h2Site {
		return "https"
	}
	return "http"
}
