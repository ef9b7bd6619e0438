listener "http" {
  address = ":8000"
  h2c = true # ERROR: "h2c" and "tls" exclude each other
  tls {
    certificate = "site.pem"
    key         = "site.key"
  }
}
site "mysite" {
  location "/" {
    respond {}
  }
}
