listener "http" {
  address = ":8000"
}
pool "django" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/app" {
    static {
      directory     = "/srv"
      max_age       = "1d"
      cache_control = "no-cache" # ERROR: "cache_control" and "max_age" exclude each other
    }
  }
}
