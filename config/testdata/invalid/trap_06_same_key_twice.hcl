pool "django" {
  app = "mysite.wsgi:application"
  env = {
    DEBUG = "1"
    DEBUG = "0" # ERROR: This key is written twice
  }
}
