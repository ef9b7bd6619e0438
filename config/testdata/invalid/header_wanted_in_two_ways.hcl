listener "http" {
  address = ":8000"
}
pool "app" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/app" {
    pass = pool.app
    response_headers {
      set     = { "X-A" = "1", "X-B" = "1" }
      default = { "X-a" = "2" } # ERROR: A header is wanted in two ways
      add     = { "X-A" = "3" }
      remove  = ["x-b", "X-C", "X-C"] # ERROR: A header is wanted in two ways # ERROR: A header is named twice
    }
  }
}
