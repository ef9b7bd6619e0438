listener "http" {
  address = ":8000"
}
listener "admin" { # WARNING: Listener "admin" is used by no site
  address = ":8001"
}
pool "django" {
  app = "mysite.wsgi:application"
}
pool "other" { # WARNING: Pool "other" is used by no location
  app = "a:b"
}
upstream "api" { # WARNING: Upstream "api" is used by no location
  server "a" {
    address = "127.0.0.1:9000"
  }
}
site "mysite" {
  listeners = [listener.http]
  location "/" {
    pass = pool.django
  }
}
