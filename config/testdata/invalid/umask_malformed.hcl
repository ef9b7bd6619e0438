pool "django" {
  app = "mysite.wsgi:application"
  umask = "0999" # ERROR: This is not a mode
}
