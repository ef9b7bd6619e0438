listener "http" {
  address = ":8000"
}
pool "django" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/app" {
    redirect {} # ERROR: A redirect block needs "to"
  }
}
