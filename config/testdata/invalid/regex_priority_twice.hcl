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
  location "\\.cgi$" {
    match    = "regex"
    priority = 10 # ERROR: Two expressions have this priority
    pass     = pool.app
  }
}
