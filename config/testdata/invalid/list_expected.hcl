pool "django" {
  app = "mysite.wsgi:application"
  pythonpath = "/srv/lib" # ERROR: This is a list
}
