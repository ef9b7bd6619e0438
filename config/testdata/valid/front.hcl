# Every row of the front that a site can have, once.
listener "http" {
  address = ":80"
}

listener "https" {
  address             = [":443", "unix:/run/appserve/edge.sock"]
  body_timeout        = "30s"
  send_timeout        = "90s"
  min_rate            = "1KiB/s"
  max_header_count    = 64
  max_connections     = 20000
  trusted_proxies     = ["10.0.0.0/8", "192.0.2.7", "2001:db8::/32", "unix"]
  client_ip_header    = "x-real-ip"
  proxy_protocol_from = ["198.51.100.0/24"]

  tls {
    certificate = "certificates/site.pem"
    key         = "certificates/site.key"
    min_version = "1.3"
    client_ca   = "certificates/clients.pem"
    client_auth = "optional"
    http2       = false

    pair "shop" {
      certificate = "certificates/shop.pem"
      key         = "certificates/shop.key"
    }
  }
}

listener "mesh" {
  address  = ":8080"
  h2c      = true
  min_rate = 0
}

pool "app" {
  app = "mysite.wsgi:application"
}

site "redirects" {
  listeners     = [listener.http]
  require_https = true

  location "/" {
    pass = pool.app
  }
}

site "main" {
  listeners      = [listener.https, listener.mesh]
  hosts          = ["example.com", "*.example.com"]
  canonical_host = "WWW.example.com"

  methods = ["GET", "POST"]
  allow   = ["10.0.0.0/8", "unix"]
  deny    = ["10.6.6.6"]
  satisfy = "any"

  request_headers {
    set    = { "X-Tier" = "gold", "X-Edge" = "$host" }
    remove = ["Accept-Encoding"]
  }

  response_headers {
    set     = { "X-Frame-Options" = "DENY", "X-Site" = "main" }
    default = { "Cache-Control" = "no-store", "Referrer-Policy" = "same-origin" }
    add     = { "Link" = "</style.css>; rel=preload" }
    remove  = ["X-Powered-By"]
  }

  compress {
    types     = ["text/*", "application/*+json"]
    min_size  = "2KiB"
    level     = 3
    encodings = ["gzip"]
  }

  error_page "404" {
    file = "errors/404.html"
  }

  error_page "5xx" {
    body         = "{\"id\": \"$request_id\"}"
    content_type = "application/json"
    status       = 503
    intercept    = true
  }

  basic_auth {
    realm      = "Staff only"
    users_file = "users"
    users = {
      alice = "$2y$10$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234"
      bob   = "$6$abc$IdWKNKTJEb8LxY7CGg8YBXlvtfZzFw7Mp/r6niK9YB2mdvgY..TKjv1T..8RadRt2qvUHYRLr/TsVArtr91iR1"
      carol = "$apr1$salt$abcdefghijklmnopqrstu."
    }
  }

  rate_limit {
    rate    = "5/s"
    burst   = 20
    key     = "$remote_addr$http_x_api_key"
    zone    = "api"
    status  = 503
    methods = ["POST"]
    dry_run = true
  }

  rate_limit {
    rate = "1000/h"
  }

  cors {
    origins     = ["https://app.example.com", "HTTP://localhost:3000"]
    headers     = ["Content-Type"]
    methods     = ["GET", "PUT"]
    credentials = true
    max_age     = "1h"
  }

  # Everything of the site.
  location "/" {
    pass = pool.app
  }

  # Nothing of the site but its headers, with some of its own.
  location "/open" {
    pass    = pool.app
    methods = []
    allow   = ["0.0.0.0/0", "::/0"]
    satisfy = "all"

    request_headers {
      set = { "X-Tier" = "none" }
    }
    response_headers {
      set     = { "Cache-Control" = "no-cache" }
      default = { "X-Frame-Options" = "SAMEORIGIN", "Referrer-Policy" = "no-referrer" }
      remove  = ["x-site", "Server"]
    }
    compress {
      enabled = false
    }
    error_page "404" {
      enabled = false
    }
    basic_auth {
      enabled = false
    }
    rate_limit {
      enabled = false
    }
    cors {
      enabled = false
    }
  }

  location "/strict" {
    match              = "exact"
    pass               = pool.app
    client_certificate = "required"

    rate_limit {
      rate = "10/10s"
    }
    error_page "404" {
      status = 410
    }
  }

  location "/media/**.jpg" {
    match = "glob"
    also  = ["/media/**.png"]
    static {
      directory     = "media"
      immutable     = "on"
      precompressed = []
      autoindex     = true

      files "/private/**" {
        deny = true
      }
      files "**/*.map" {
        cache_control = "no-store"
        content_type  = "application/json"
        response_headers {
          set = { "X-Map" = "yes" }
        }
      }
    }
  }

  location "^/user/(?P<name>[a-z]+)/(?P<rest>.*)$" {
    match    = "regex"
    priority = 10
    redirect {
      to = "/people/$match_name/$(match_rest)?by=$tls_client_subject"
    }
    response_headers {
      set = { "X-User" = "$match_name" }
    }
  }
}
