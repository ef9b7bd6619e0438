pool "django" {
  app = "mysite.wsgi:application"
  env = ["A=b"] # ERROR: This is a map
}
