listener "http" {
  address = ":8000"
}
pool "app" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/app" {
    pass = pool.app
    client_certificate = "required" # ERROR: No listener asks for certificates
  }
}
