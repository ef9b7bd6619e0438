pool "django" {
  app = "mysite.wsgi:application"
  interface = "wsgy" # ERROR: This is not one of the choices
}
