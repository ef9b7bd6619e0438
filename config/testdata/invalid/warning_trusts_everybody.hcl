listener "http" {
  address         = ":8000"
  trusted_proxies = ["10.0.0.0/8", "0.0.0.0/0"] # WARNING: This listener believes everybody
}
site "x" {
  location "/" {
    respond {}
  }
}
