listener "http" {
  address = ["0.0.0.0:80", "[::1]:80", "unix:/run/appserve/front.sock", "unix:@appserve", "systemd:web"]
  mode    = "0600"
  user    = "www-data"
  group   = "33"
}

upstream "legacy" {
  protocol     = "uwsgi"
  max_fails    = 3
  fail_timeout = "10s"

  server "a" {
    address = "unix:/run/uwsgi/legacy.sock"
  }
}

upstream "api" {
  balance         = "round_robin"
  keepalive       = 32
  connect_timeout = "500ms"
  read_timeout    = "1m30s"
  send_timeout    = "2m"

  server "g1" {
    address         = "127.0.0.1:9001"
    weight          = 3
    max_connections = 100
  }

  server "g2" {
    address = "api_2.internal:9001"
  }

  server "spare" {
    address = "[::1]:9003"
    backup  = true
  }
}

site "shop" {
  hosts           = ["shop.example.com", "*.shop.example.com", "bücher.example"]
  max_body_size   = "25MB"
  request_timeout = 0

  location "/api/" {
    pass         = upstream.api
    strip_prefix = true
  }

  location "/healthz" {
    match = "exact"
    also  = ["/readyz", "/livez/"]
    respond {
      status       = 204
      content_type = "text/plain"
    }
  }

  location "/old" {
    redirect {
      to     = "https://$host/new$rest"
      status = 308
    }
  }

  location "/" {
    pass            = upstream.legacy
    script_name     = "/shop"
    request_timeout = "5m"
  }
}
