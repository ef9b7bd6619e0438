pool "django" {
  app = "mysite.wsgi:application"
  env = {
    "DJANGO SETTINGS" = "x" # ERROR: This name cannot be used here
  }
}
