pool "django" {
  app             = "mysite.wsgi:application"
  request_timeout = 30s # ERROR: This value needs quotes
}
