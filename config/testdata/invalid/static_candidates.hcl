listener "http" {
  address = ":8000"
}
pool "django" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/app" {
    static {
      directory = "/srv"
      try       = ["$uri", "=404"] # ERROR: This is no candidate
    }
  }
}
