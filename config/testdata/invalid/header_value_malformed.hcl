listener "http" {
  address = ":8000"
}
pool "app" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/a" {
    pass = pool.app
    response_headers {
      set = { "X-A" = "" } # ERROR: This header is empty
    }
  }
  location "/b" {
    pass = pool.app
    response_headers {
      set = { "X-A" = " x" } # ERROR: This header value has space around it
    }
  }
  location "/c" {
    pass = pool.app
    response_headers {
      set = { "X-A" = "a\nb" } # ERROR: This cannot stand in a header
    }
  }
  location "/d" {
    pass = pool.app
    response_headers {
      set = { "X-A" = ["a"] } # ERROR: This value is not text
    }
  }
  location "/e" {
    pass = pool.app
    response_headers {
      set = { "X-A" = "$hots" } # ERROR: This request variable is not known
    }
  }
}
