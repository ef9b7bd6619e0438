listener "http" {
  address = ":8000"
}
pool "django" {
  app = "mysite.wsgi:application"
}
site "www" {
  location "/" {
    pass = pool.django
  }
}
site "shop" { # ERROR: Two sites claim every host on listener "http"
  location "/" {
    pass = pool.django
  }
}
