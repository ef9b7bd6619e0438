appserve {
  shutdown_timeout = "10s"
}
listener "http" {
  address = ":8000"
}
pool "app" {
  app              = "a:b"
  graceful_timeout = "5m" # WARNING: A stop ends before this time is over
}
upstream "api" {
  read_timeout = "20s"
  server "a" {
    address = "127.0.0.1:9000"
  }
}
site "x" {
  location "/" {
    pass = pool.app
  }
  location "/api" {
    pass            = upstream.api
    request_timeout = "5m" # WARNING: This time never counts
  }
}
