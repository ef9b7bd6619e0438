listener "http" {
  address = ":8000"
}
pool "app" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  allow   = ["10.0.0.0/8"]
  satisfy = "any" # ERROR: There is nothing to choose between
  basic_auth {
    users_file = "users"
  }
  location "/" {
    pass = pool.app
  }
  location "/open" {
    pass = pool.app
    basic_auth {
      enabled = false
    }
  }
}
