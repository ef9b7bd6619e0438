listener "http" {
  address = ":8000"
}
upstream "api" {} # ERROR: Upstream "api" has no server
site "x" {
  location "/" {
    pass = upstream.api
  }
}
