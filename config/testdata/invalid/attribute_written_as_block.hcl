listener "http" {
  address = ":8000"
}
pool "django" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  hosts { # ERROR: "hosts" is not a block
    name = "a"
  }
  location "/" {
    pass = pool.django
  }
}
