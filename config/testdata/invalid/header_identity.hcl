listener "http" {
  address = ":8000"
}
pool "app" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/host" {
    pass = pool.app
    request_headers {
      set = { "Host" = "x" } # ERROR: This header cannot be used here
    }
  }
  location "/x-forwarded-proto" {
    pass = pool.app
    request_headers {
      set = { "X-Forwarded-Proto" = "x" } # ERROR: This header cannot be used here
    }
  }
  location "/x-request-id" {
    pass = pool.app
    request_headers {
      set = { "x-request-id" = "x" } # ERROR: This header cannot be used here
    }
  }
  location "/proxy" {
    pass = pool.app
    request_headers {
      set = { "Proxy" = "x" } # ERROR: This header cannot be used here
    }
  }
  location "/x_underscore" {
    pass = pool.app
    request_headers {
      set = { "X_Underscore" = "x" } # ERROR: This header cannot be used here
    }
  }
  location "/expect" {
    pass = pool.app
    request_headers {
      set = { "Expect" = "x" } # ERROR: This header cannot be used here
    }
  }
  location "/upgrade" {
    pass = pool.app
    request_headers {
      set = { "Upgrade" = "x" } # ERROR: This header cannot be used here
    }
  }
}
