listener "http" {
  address = ":8000"
}
pool "django" {
  app              = "mysite.wsgi:application"
  request_timeout  = "2m"
  graceful_timeout = "30s" # WARNING: A reload may cut requests of pool "django"
}
site "mysite" {
  location "/" {
    pass = pool.django
  }
}
