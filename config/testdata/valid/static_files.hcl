appserve {
  user                 = "www-data"
  group                = "www-data"
  supplementary_groups = ["media", "27"]
  allow_root           = true
  pid_file             = "/run/appserve/appserve.pid"
  shutdown_timeout     = "45s"
  spool_directory      = "/var/spool/appserve"
  spool_max_size       = "2GB"
  boot_parallel        = 4
}

listener "http" {
  address           = "127.0.0.1:0"
  backlog           = 128
  header_timeout    = "5s"
  keepalive_timeout = "1m"
  max_header_size   = "16KiB"
}

pool "app" {
  app                  = "../wsgi.py:application"
  python               = "/usr/bin/python3"
  env_file             = "app.env"
  interface            = "wsgi"
  boot_timeout         = "10s"
  max_requests         = 100
  max_requests_jitter  = 7
  supplementary_groups = ["audio"]
}

pool "own_user" {
  app  = "/srv/own/site.wsgi"
  user = "own"
}

site "files" {
  enabled = true

  location "/static" {
    static {
      directory     = "static"
      index         = ["index.html", "index.htm"]
      try           = ["$rest", "$(rest).html", "/index.html"]
      fallback      = pool.app
      cache_control = "public, max-age=60"
      types         = { WASM = "application/wasm", "tar.gz" = "application/gzip" }
      default_type  = "text/plain"
      charset       = "iso-8859-1"
      symlinks      = "none"
      dotfiles      = true
    }
    strip_prefix = true
  }

  location "/robots.txt" {
    static {
      file    = "robots.txt"
      max_age = "0s"
    }
  }

  location "/own" {
    pass = pool.own_user
  }

  location "/gone" {
    enabled = false
    pass    = pool.nobody_defines_it
  }
}
