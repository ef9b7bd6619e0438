pool "django" {
  app = "mysite.wsgi:application"
  env = {
    SECRET = env("SECRET") # ERROR: Calling env() failed
  }
}
