listener "http" {
  address = ":8000"
  trusted_proxies  = []
  client_ip_header = "X-Real-IP" # ERROR: "client_ip_header" means nothing when nobody is trusted
}
site "mysite" {
  location "/" {
    respond {}
  }
}
