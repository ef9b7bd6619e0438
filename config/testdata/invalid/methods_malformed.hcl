listener "http" {
  address = ":8000"
}
pool "app" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/a" {
    pass    = pool.app
    methods = ["get"] # ERROR: A method is written in capitals
  }
  location "/b" {
    pass    = pool.app
    methods = ["*"] # ERROR: This is not a method
  }
  location "/c" {
    pass    = pool.app
    methods = ["A B"] # ERROR: This is not a method
  }
  location "/d" {
    pass    = pool.app
    methods = ["CONNECT"] # ERROR: This method is never allowed
  }
  location "/e" {
    pass    = pool.app
    methods = ["GET", "GET"] # ERROR: "GET" is listed twice
  }
  location "/f" {
    pass    = pool.app
    methods = "GET" # ERROR: This is a list
  }
}
