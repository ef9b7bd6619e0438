pool "django" {
  app = "mysite.wsgi:application"
  user = "www data" # ERROR: This is no user or group
}
