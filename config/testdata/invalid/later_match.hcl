listener "http" {
  address = ":8000"
}
pool "django" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/x" {
    match = "regex" # ERROR: This value is not in this version yet
    pass  = pool.django
  }
}
