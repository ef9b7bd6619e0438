listener "http" {
  address = ":8000"
}
pool "django" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/app" {
    static { # ERROR: This static block has no files
      max_age = "1d"
    }
  }
}
