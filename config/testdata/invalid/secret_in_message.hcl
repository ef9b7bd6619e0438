pool "django" {
  app = "mysite.wsgi:application"
  env = "s3cr3t-value" # ERROR: This is a map
}
