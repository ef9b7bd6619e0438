listener "http" {
  address = ":8000"
}
pool "app" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/app" {
    pass = pool.app
    cors {
      origins     = ["*"] # ERROR: "credentials" and "*" exclude each other
      headers     = ["*"] # ERROR: "credentials" and "*" exclude each other
      credentials = true
    }
  }
}
