pool "django" {
  app = "mysite.wsgi:application"
  env = {
    HOSTS = ["a", "b"] # ERROR: This value is not text
  }
}
