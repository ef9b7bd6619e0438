listener "http" {
  address = ":8000"
}
pool "app" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/app" {
    pass = pool.app
    rate_limit {
      rate    = "5/s"
      burst   = 0 # ERROR: This value is too small
      key     = "" # ERROR: This text is empty
      zone    = "log in" # ERROR: This is no name
      status  = 200 # ERROR: This status cannot be used here
      methods = ["POST", "POST"] # ERROR: "POST" is listed twice
    }
  }
}
