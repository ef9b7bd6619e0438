upstream "api" {
  server "a" {
    address = ":9000" # ERROR: This address has no host
  }
  server "b" {
    address = "127.0.0.1:0" # ERROR: This address has no port
  }
}
