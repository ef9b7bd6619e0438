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
      set    = { "X Note" = "a" } # ERROR: This header cannot be used here
      add    = { "X-A:" = "a" } # ERROR: This header cannot be used here
      remove = ["X-Ä"] # ERROR: This header cannot be used here
    }
    request_headers {
      set = "X-A: b" # ERROR: This is a map
    }
  }
}
