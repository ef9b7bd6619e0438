listener "http" {
  address = ":8000"
}
pool "django" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/" { # ERROR: This location does nothing
    max_body_size = "1MiB"
  }
}
