pool "django" {
  app = "mysite.wsgi:application"
  chdir = nowhere # ERROR: There is no "nowhere"
}
