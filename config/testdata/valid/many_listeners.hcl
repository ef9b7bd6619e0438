listener "public" {
  address = ":8000"
}

listener "local" {
  address = "127.0.0.1:8001"
}

pool "app" {
  app              = "app:application"
  request_timeout  = "10s"
  graceful_timeout = "1h"
}

pool "slow" {
  app = "slow:application"
}

site "www" {
  listeners = [listener.public, listener.local]
  hosts     = ["www.example.com"]

  location "/" {
    pass = pool.app
  }

  location "/report" {
    pass            = pool.slow
    request_timeout = "10m"
  }
}

site "rest" {
  listeners = [listener.public]

  location "/" {
    redirect {
      to = "https://www.example.com$request_uri"
    }
  }
}
