listener "http" {
  address = ":8000"
}
pool "django" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/" {
    pass = pool.djagno # ERROR: There is no pool "djagno"
  }
}
