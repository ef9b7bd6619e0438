pool "django" {
  app = "mysite.wsgi:application"
  max_body_size = "1MiB" # ERROR: There is no "max_body_size" in a pool
}
