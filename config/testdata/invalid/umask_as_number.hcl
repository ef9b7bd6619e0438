pool "django" {
  app   = "mysite.wsgi:application"
  umask = 022 # ERROR: A mode is a string
}
