listener "http" {
  address = ":8000"
}
pool "app" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/a" {
    respond {}
    request_headers { # ERROR: "request_headers" means nothing with respond
      set = { "X-A" = "1" }
    }
  }
}
