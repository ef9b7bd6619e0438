pool "django" {
  app = "mysite.wsgi:application"
  interface = "asgi" # ERROR: This value is not in this version yet
}
