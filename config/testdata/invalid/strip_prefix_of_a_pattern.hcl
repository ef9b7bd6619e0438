listener "http" {
  address = ":8000"
}
pool "app" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  strip_prefix = true
  location "/a/*" {
    match        = "glob"
    strip_prefix = true # ERROR: "strip_prefix" means nothing with glob
    pass         = pool.app
  }
  location "^/b" { # ERROR: "strip_prefix" of the site means nothing with regex
    match    = "regex"
    priority = 1
    pass     = pool.app
  }
}
