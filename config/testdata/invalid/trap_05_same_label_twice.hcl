pool "django" {
  app = "a:app"
}
pool "django" { # ERROR: Duplicate pool block
  app = "b:app"
}
