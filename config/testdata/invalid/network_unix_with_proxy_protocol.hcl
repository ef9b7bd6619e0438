listener "http" {
  address = ":8000"
  proxy_protocol_from = ["unix"] # ERROR: This is no network
}
site "mysite" {
  location "/" {
    respond {}
  }
}
