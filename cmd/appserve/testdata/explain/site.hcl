listener "http" {
  address = ":80"
}

listener "https" {
  address = ":443"
  tls {
    certificate = "site.pem"
    key         = "site.key"
    client_ca   = "site.pem"
    client_auth = "optional"
  }
}

listener "edge" {
  address         = ["127.0.0.1:8080", "unix:edge.sock"]
  trusted_proxies = ["10.0.0.0/8", "unix"]
  body_timeout    = "75s"
}

pool "shop" {
  app             = "shop.wsgi:application"
  processes       = 3
  threads         = 2
  request_timeout = "30s"
}

upstream "api" {
  connect_timeout = "2s"
  server "one" {
    address = "127.0.0.1:9001"
  }
  server "two" {
    address = "127.0.0.1:9002"
    backup  = true
  }
}

site "redirects" {
  listeners     = [listener.http]
  require_https = true
  location "/" {
    respond {
      status = 404
    }
  }
}

site "shop" {
  listeners      = [listener.https, listener.edge]
  hosts          = ["www.example.com", "*.example.com"]
  canonical_host = "www.example.com"

  response_headers {
    set = { "X-Frame-Options" = "DENY", "X-Request" = "$request_id" }
  }
  error_page "4xx" {
    body = "No: $status"
  }

  location "/" {
    pass = pool.shop
    request_headers {
      set    = { "X-Tier" = "gold for $remote_addr" }
      remove = ["Accept-Language"]
    }
    response_headers {
      default = { "Cache-Control" = "no-store" }
      remove  = ["Server"]
    }
    rate_limit {
      rate    = "5/s"
      methods = ["POST"]
    }
    compress {}
  }

  location "/admin" {
    pass    = pool.shop
    methods = ["GET", "POST"]
    allow   = ["10.0.0.0/8"]
    deny    = ["10.6.6.6"]
    satisfy = "any"
    basic_auth {
      users = { bob = "$6$abc$IdWKNKTJEb8LxY7CGg8YBXlvtfZzFw7Mp/r6niK9YB2mdvgY..TKjv1T..8RadRt2qvUHYRLr/TsVArtr91iR1" }
    }
  }

  location "/api/" {
    pass            = upstream.api
    strip_prefix    = true
    max_body_size   = "1KiB"
    request_timeout = "2m"
    cors {
      origins = ["https://app.example.com"]
    }
  }

  location "/static" {
    static {
      directory = "static"
      try       = ["$rest", "/index.html"]
      fallback  = pool.shop
      files "**/*.py" {
        deny = true
      }
    }
  }

  location "/robots.txt" {
    match = "exact"
    static {
      file = "static/robots.txt"
    }
  }

  location "/secure" {
    client_certificate = "required"
    pass               = pool.shop
  }

  location "^/user/(?P<name>[a-z]+)$" {
    match    = "regex"
    priority = 10
    redirect {
      to = "/people/$match_name"
    }
  }
}
