pool "django" { # ERROR: There is no listener
  app = "mysite.wsgi:application"
}
