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
      set = {
        "X-A" = "1"
        "x-a" = "2" # ERROR: A header is named twice
      }
    }
  }
}
