listener "http" {
  address = ":8000"
}
pool "app" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  canonical_host = "*.example.com" # ERROR: This is not one host
  location "/" {
    pass = pool.app
  }
}
