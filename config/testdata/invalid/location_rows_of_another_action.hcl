listener "http" {
  address = ":8000"
}
pool "django" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/app" {
    strip_prefix    = true # ERROR: "strip_prefix" means nothing with respond
    request_timeout = "5s" # ERROR: "request_timeout" means nothing with respond
    respond {}
  }
}
