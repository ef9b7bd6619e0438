pool "django" {
  app = "mysite.wsgi:application"
  chdir = jion("/", ["", "srv"]) # ERROR: There is no function "jion"
}
