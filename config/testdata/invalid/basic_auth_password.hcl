listener "http" {
  address = ":8000"
}
pool "app" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/app" {
    pass = pool.app
    basic_auth {
      users = {
        alice = "secret" # ERROR: This is no password hash
      }
    }
  }
}
