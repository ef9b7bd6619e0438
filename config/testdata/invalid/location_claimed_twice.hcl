listener "http" {
  address = ":8000"
}
pool "django" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/admin" {
    pass = pool.django
  }
  location "/admin/" { # ERROR: Two locations claim the path "/admin"
    pass = pool.django
  }
  location "/b" {
    also = ["/c", "/admin"] # ERROR: Two locations claim the path "/admin"
    pass = pool.django
  }
}
