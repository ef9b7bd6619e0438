listener "http" {
  address = ":8000"
}
pool "django" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/app" {
    static = { directory = "/srv" } # ERROR: "static" is a block
  }
}
