listener "http" {
  address = ":8000"
}
pool "app" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "\\.php$" { # ERROR: A regular expression needs a priority
    match = "regex"
    pass  = pool.app
  }
}
