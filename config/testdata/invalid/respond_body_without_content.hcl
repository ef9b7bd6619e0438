listener "http" {
  address = ":8000"
}
pool "django" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/app" {
    respond {
      status = 204
      body   = "x" # ERROR: An answer with this status has no body
    }
  }
}
