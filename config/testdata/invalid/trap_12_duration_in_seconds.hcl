pool "django" {
  app = "mysite.wsgi:application"
  request_timeout = 30 # ERROR: This duration needs a unit
}
