listener "http" {
  address = ":8000"
  trusted_proxies = ["10.0.0.0/8"] # ERROR: "trusted_proxies" is not in this version yet
  tls { # ERROR: "tls" is not in this version yet
    certificate = "a.pem"
  }
}
