listener "http" {
  address = ":8000"
}
site "x" {
  require_https = true # WARNING: No request of this site is https
  location "/" {
    respond {}
  }
}
