pool "django" {
  app = "mysite.wsgi:application"
  boot_timeout     = 0 # ERROR: This duration cannot be 0
  graceful_timeout = "0s" # ERROR: This duration is zero
}
