upstream "api" {
  server "a" {
    address = "127.0.0.1:9000"
  }
  server "a" { # ERROR: Duplicate server block
    address = "127.0.0.1:9001"
  }
}
