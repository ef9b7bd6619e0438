pool "django" {
  app = "mysite.wsgi:application"
  processes = 0 # ERROR: This value is too small
  threads   = 5000 # ERROR: This value is too large
}
