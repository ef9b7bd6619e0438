listener "http" {
  address = ":8000"
}
pool "app" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/app" {
    pass = pool.app
    response_headers = { "X-A" = "1" } # ERROR: "response_headers" is a block
  }
}
