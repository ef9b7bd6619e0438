listener "http" {
  address = ":8000"
  tls { # ERROR: This tls block has no certificate
    min_version = "1.3"
  }
}
site "mysite" {
  location "/" {
    respond {}
  }
}
