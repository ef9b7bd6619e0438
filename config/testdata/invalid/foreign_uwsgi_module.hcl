pool "django" {
  module = "mysite.wsgi" # ERROR: There is no "module" in a pool
}
