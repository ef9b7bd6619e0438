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
    }
    pass = pool.django # ERROR: This location has two actions, "static" and "pass"
  }
}
