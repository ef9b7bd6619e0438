listener "http" {
  address = ":8000"
}
upstream "api" { # WARNING: Upstream "api" has only backups
  server "a" {
    address = "127.0.0.1:9000"
    backup  = true
  }
  server "b" {
    address = "127.0.0.1:9000" # WARNING: Two servers have this address
    backup  = true
  }
}
site "mysite" {
  location "/" {
    pass = upstream.api
  }
}
