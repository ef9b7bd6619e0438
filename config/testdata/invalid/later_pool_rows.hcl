pool "django" {
  app = "mysite.wsgi:application"
  preload = true # ERROR: "preload" is not in this version yet
  scaling { # ERROR: "scaling" is not in this version yet
    min = 1
  }
  max_rss = "400MiB" # ERROR: "max_rss" is not in this version yet
}
