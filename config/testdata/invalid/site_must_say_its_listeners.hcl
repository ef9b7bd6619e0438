listener "http" {
  address = ":8000"
}
listener "admin" {
  address = ":8001"
}
pool "django" {
  app = "mysite.wsgi:application"
}
site "mysite" { # ERROR: Site "mysite" must say its listeners
  location "/" {
    pass = pool.django
  }
}
