listener "http" {
  address = ":8000"
}
pool "app" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/a" {
    pass    = pool.app
    allow   = ["10.0.0.0/8"]
    satisfy = "any" # ERROR: There is nothing to choose between
  }
  location "/b" {
    pass    = pool.app
    satisfy = "any" # ERROR: There is nothing to choose between
    basic_auth {
      users_file = "users"
    }
  }
  location "/c" {
    pass    = pool.app
    satisfy = "either" # ERROR: This is not one of the choices
  }
}
