listener "http" {
  address = ":8000"
}
pool "app" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  hosts          = ["example.com", "*.example.com"]
  canonical_host = "www.example.org" # ERROR: The canonical host is none of the site's
  location "/" {
    pass = pool.app
  }
}
