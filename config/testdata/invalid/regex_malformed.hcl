listener "http" {
  address = ":8000"
}
pool "app" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "^/a(b$" { # ERROR: This is not a regular expression
    match    = "regex"
    priority = 1
    pass     = pool.app
  }
  location "/x(?=y)" { # ERROR: This is not a regular expression
    match    = "regex"
    priority = 2
    pass     = pool.app
  }
  location "/y{3,2}" { # ERROR: This is not a regular expression
    match    = "regex"
    priority = 3
    pass     = pool.app
  }
  location "~ \\.php$" { # ERROR: This regular expression begins with a tilde
    match    = "regex"
    priority = 4
    pass     = pool.app
  }
  location "" { # ERROR: This regular expression is empty
    match    = "regex"
    priority = 5
    pass     = pool.app
  }
}
