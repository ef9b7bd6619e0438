listener "http" {
  address = ":8000"
}
pool "django" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  listeners = ["listener.http"] # ERROR: A reference has no quotes
  location "/" {
    pass = "pool.django" # ERROR: A reference has no quotes
  }
}
