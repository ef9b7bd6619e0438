listener "http" {
  address = ":8000"
}
pool "django" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/app" {
    pass = pool.django
    compress {} # ERROR: "compress" is not in this version yet
    rate_limit { # ERROR: "rate_limit" is not in this version yet
      rate = "5/s"
    }
    allow = ["10.0.0.0/8"] # ERROR: "allow" is not in this version yet
  }
}
