listener "http" {
  address = ":8000"
}
pool "app" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/app" {
    pass = pool.app
    error_page "404 403" { # ERROR: An error page is for one status
      body = "x"
    }
    error_page "5XX" { # ERROR: This is no status of an error
      body = "x"
    }
    error_page "200" { # ERROR: This is no status of an error
      body = "x"
    }
    error_page "502" { # ERROR: This error page has no content
    }
    error_page "503" {
      file = "a.html"
      body = "x" # ERROR: "body" and "file" exclude each other
    }
    error_page "504" {
      status       = 304 # ERROR: An answer with this status has no body
      content_type = "text/html" # ERROR: "content_type" means nothing without a page
    }
    error_page "404" {
      body = "y"
    }
    error_page "404" { # ERROR: Duplicate error_page block
      body = "z"
    }
  }
}
