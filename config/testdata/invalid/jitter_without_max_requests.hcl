pool "django" { # ERROR: There is no listener
  app = "mysite.wsgi:application"
  max_requests_jitter = 100 # ERROR: "max_requests_jitter" means nothing without max_requests
}
