pool "django" {
  app = "mysite.wsgi:application"
  boot_timeout     = "soon" # ERROR: This is not a duration
  request_timeout  = "30" # ERROR: This is not a duration
  graceful_timeout = "30sec" # ERROR: This is not a duration
}
