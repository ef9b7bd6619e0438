pool "django" {
  wsgi_app = "mysite.wsgi" # ERROR: There is no "wsgi_app" in a pool
}
