listener "http" {
  address = ":8000"
}
pool "django" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/app" {
    pass = pool.django
    access_log {
      format = "%h %u" # ERROR: Request variables begin with a dollar
    }
  }
}
