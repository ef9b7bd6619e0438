listener "http" {
  address = ":8000"
}
pool "app" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/content-length" {
    pass = pool.app
    response_headers {
      set = { "Content-Length" = "x" } # ERROR: This header cannot be used here
    }
  }
  location "/transfer-encoding" {
    pass = pool.app
    response_headers {
      set = { "transfer-encoding" = "x" } # ERROR: This header cannot be used here
    }
  }
  location "/connection" {
    pass = pool.app
    response_headers {
      set = { "Connection" = "x" } # ERROR: This header cannot be used here
    }
  }
  location "/content-encoding" {
    pass = pool.app
    response_headers {
      set = { "Content-Encoding" = "x" } # ERROR: This header cannot be used here
    }
  }
  location "/content-range" {
    pass = pool.app
    response_headers {
      set = { "Content-Range" = "x" } # ERROR: This header cannot be used here
    }
  }
}
