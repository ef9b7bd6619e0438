listener "http" {
  address = ":8000"
}
pool "app" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/a/***" { # ERROR: This glob has three stars in a row
    match = "glob"
    pass  = pool.app
  }
  location "/a/[ab].js" { # ERROR: This is not a glob
    match = "glob"
    pass  = pool.app
  }
  location "/a" { # ERROR: This glob has no wildcard
    match = "glob"
    pass  = pool.app
  }
  location "*.js" { # ERROR: A location begins with a slash
    match = "glob"
    pass  = pool.app
  }
  location "/b/*.js" {
    match = "glob"
    also  = ["/c/*%20.js"] # ERROR: A location is written decoded
    pass  = pool.app
  }
}
