listener "http" {
  address = ":8000"
}
pool "django" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  hosts     = [] # ERROR: Site "mysite" has no host
  listeners = [] # ERROR: Site "mysite" has no listener
  location "/" {
    pass = pool.django
  }
}
