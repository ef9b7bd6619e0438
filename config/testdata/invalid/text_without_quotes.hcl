pool "django" {
  app = "mysite.wsgi:application"
  interface = wsgi # ERROR: There is no "wsgi"
}
