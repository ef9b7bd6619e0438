listener "http" {
  address = ":8000"
}
pool "app" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  rate_limit {
    rate = "5/s"
    zone = "login"
  }
  location "/" {
    pass = pool.app
  }
  location "/a" {
    pass = pool.app
    rate_limit {
      rate = "6/s" # ERROR: Two blocks count differently in zone "login"
      zone = "login"
    }
    rate_limit {
      rate  = "5/s"
      burst = 5
      key   = "$remote_addr"
      zone  = "login"
    }
    rate_limit {
      rate = "5/s"
      key  = "$host" # ERROR: Two blocks count differently in zone "login"
      zone = "login"
    }
  }
}
