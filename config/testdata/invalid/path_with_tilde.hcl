pool "django" {
  app = "mysite.wsgi:application"
  chdir = "~/mysite" # ERROR: A path does not begin with "~"
}
