listener "http" {
  address = ":8000"
}
pool "django" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/app" {
    ready {} # ERROR: "ready" is not in this version yet
  }
}
