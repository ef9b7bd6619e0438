listener "http" {
  address = ":8000"
}
pool "django" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/app" {
    proxy_pass         = "http://127.0.0.1:9000" # ERROR: There is no "proxy_pass" in a location
    alias              = "/srv/static" # ERROR: There is no "alias" in a location
    try_files          = "$uri /index.html" # ERROR: There is no "try_files" in a location
    expires            = "30d" # ERROR: There is no "expires" in a location
    proxy_read_timeout = 60 # ERROR: There is no "proxy_read_timeout" in a location
    add_header         = "X-A b" # ERROR: There is no "add_header" in a location
    return             = 301 # ERROR: There is no "return" in a location
    auth_basic         = "x" # ERROR: There is no "auth_basic" in a location
    gzip               = true # ERROR: There is no "gzip" in a location
  }
}
