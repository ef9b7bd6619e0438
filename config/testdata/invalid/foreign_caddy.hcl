listener "http" {
  address = ":8000"
}
pool "django" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/app" {
    reverse_proxy = "127.0.0.1:9000" # ERROR: There is no "reverse_proxy" in a location
    file_server {} # ERROR: There is no "file_server" in a location
    encode        = "gzip" # ERROR: There is no "encode" in a location
    redir         = "/x" # ERROR: There is no "redir" in a location
  }
}
