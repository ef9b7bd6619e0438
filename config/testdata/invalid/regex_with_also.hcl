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
    also     = ["\\.cgi$"] # ERROR: "also" means nothing with regex
    pass     = pool.app
  }
}
