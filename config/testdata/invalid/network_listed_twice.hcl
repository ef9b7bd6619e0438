listener "http" {
  address = ":8000"
}
pool "app" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/app" {
    pass = pool.app
    allow = ["10.0.0.1", "10.0.0.1/32"] # ERROR: "10.0.0.1" is listed twice
    deny  = ["unix", "unix"] # ERROR: "unix" is listed twice
  }
}
