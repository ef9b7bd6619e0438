listener "http" {
  address = ":8000"
}
pool "django" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/app" {
    pass = pool.django
    forward_auth { # ERROR: "forward_auth" is not in this version yet
      path = "/auth"
    }
    cache {} # ERROR: "cache" is not in this version yet
    internal = true # ERROR: "internal" is not in this version yet
    rewrite  = "/files$rest" # ERROR: "rewrite" is not in this version yet
  }
}
