pool "django" { # ERROR: A pool needs "app"
  processes = 3
}
