listener "http" {
  address = ":8000"
}
pool "django" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/" {
    pass = upstream.django # ERROR: There is no upstream "django"
  }
}
