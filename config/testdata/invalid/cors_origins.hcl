listener "http" {
  address = ":8000"
}
pool "app" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/a" {
    pass = pool.app
    cors {
      origins = ["app.example.com"] # ERROR: This is no origin
    }
  }
  location "/b" {
    pass = pool.app
    cors {
      origins = ["https://app.example.com/"] # ERROR: This is no origin
    }
  }
  location "/c" {
    pass = pool.app
    cors {
      origins = ["https://*.example.com"] # ERROR: An origin has no wildcards
    }
  }
  location "/d" {
    pass = pool.app
    cors {
      origins = ["null"] # ERROR: This origin is nobody's
    }
  }
  location "/e" {
    pass = pool.app
    cors {
      origins = [] # ERROR: This cors block lets nobody in
    }
  }
  location "/f" {
    pass = pool.app
    cors {
      origins = ["*", "https://a.example"] # ERROR: "*" stands alone
    }
  }
  location "/g" {
    pass = pool.app
    cors {
      origins = ["https://a.example", "https://a.example:443"] # ERROR: "https://a.example" is listed twice
    }
  }
  location "/h" {
    pass = pool.app
    cors {
      origins = ["https://a b"] # ERROR: This is no origin
    }
  }
  location "/i" {
    pass = pool.app
    cors { # ERROR: A cors block needs "origins"
      max_age = "1h"
    }
  }
}
