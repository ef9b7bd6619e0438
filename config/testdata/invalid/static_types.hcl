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
      types     = { ".wasm" = "application/wasm" } # ERROR: This name cannot be used here
    }
  }
}
