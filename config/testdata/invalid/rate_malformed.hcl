listener "http" {
  address = ":8000"
}
pool "app" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/a" {
    pass = pool.app
    rate_limit {
      rate = 5 # ERROR: This rate needs a time
    }
  }
  location "/b" {
    pass = pool.app
    rate_limit {
      rate = "5" # ERROR: This is not a rate
    }
  }
  location "/c" {
    pass = pool.app
    rate_limit {
      rate = "5r/s" # ERROR: This is not a rate
    }
  }
  location "/d" {
    pass = pool.app
    rate_limit {
      rate = "0/s" # ERROR: This is not a rate
    }
  }
  location "/e" {
    pass = pool.app
    rate_limit {
      rate = "5/fortnight" # ERROR: This is not a rate
    }
  }
  location "/f" {
    pass = pool.app
    rate_limit {
      rate = "x/s" # ERROR: This is not a rate
    }
  }
  location "/g" {
    pass = pool.app
    rate_limit {
      rate = "9999999/s" # ERROR: This is not a rate
    }
  }
  location "/h" {
    pass = pool.app
    rate_limit {
      rate = "5/300d" # ERROR: This is not a rate
    }
  }
  location "/i" {
    pass = pool.app
    rate_limit {
      rate = "300/min" # ERROR: This is not a rate
    }
  }
  location "/j" {
    pass = pool.app
    rate_limit { # ERROR: A rate_limit block needs "rate"
      burst = 5
    }
  }
}
