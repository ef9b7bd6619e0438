listener "http" {
  address = ":8000"
}
pool "app" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "\\.php$" {
    match    = "regex"
    priority = 10
    pass     = pool.app
  }
  location "\\.php$" { # ERROR: Two locations claim the regex "\\.php$"
    match    = "regex"
    priority = 11
    pass     = pool.app
  }
  location "/*.js" {
    match = "glob"
    pass  = pool.app
  }
  location "/x" {
    match = "exact"
    pass  = pool.app
  }
  location "/a/*.js" {
    match = "glob"
    also  = ["/*.js"] # ERROR: Two locations claim the glob "/*.js"
    pass  = pool.app
  }
}
