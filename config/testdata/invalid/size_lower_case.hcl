listener "http" {
  address = ":8000"
}
pool "django" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  max_body_size = "10mb" # ERROR: This is not a size
  location "/" {
    pass = pool.django
  }
}
