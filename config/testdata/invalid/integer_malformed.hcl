pool "django" {
  app = "mysite.wsgi:application"
  processes = "3" # ERROR: This is a number, not text
  threads   = 1.5 # ERROR: This is not a whole number
}
