pool "django" {
  app = "mysite.wsgi:application"
  chdir = pool.django # ERROR: A reference cannot be used here
}
