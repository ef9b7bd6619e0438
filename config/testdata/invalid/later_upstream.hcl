upstream "api" {
  protocol = "fastcgi" # ERROR: This value is not in this version yet
  balance  = "ip_hash" # ERROR: This value is not in this version yet
  server "a" {
    address = "127.0.0.1:9000"
  }
  health_check {} # ERROR: "health_check" is not in this version yet
}
