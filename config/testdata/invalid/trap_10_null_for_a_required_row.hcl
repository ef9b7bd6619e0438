pool "django" { # ERROR: A pool needs "app"
  app = null
}
