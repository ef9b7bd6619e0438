pool "django" {
  app = "mysite.wsgi:application"
  chdir = "/srv/${host}" # ERROR: Request variables begin with a dollar
}
