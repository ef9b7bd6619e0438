pool "django" {
  app = "mysite.wsgi:application"
  proceses = 3 # ERROR: There is no "proceses" in a pool
}
