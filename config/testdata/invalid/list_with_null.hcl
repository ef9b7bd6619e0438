pool "django" {
  app = "mysite.wsgi:application"
  pythonpath = ["/srv/lib", null] # ERROR: A list cannot hold null
}
