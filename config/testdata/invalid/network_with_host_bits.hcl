listener "http" {
  address = ":8000"
  trusted_proxies = ["10.1.2.3/8"] # ERROR: This network has bits behind its mask
}
site "mysite" {
  location "/" {
    respond {}
  }
}
