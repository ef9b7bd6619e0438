listener "http" {
  address = ":8000"
}
pool "django" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/app" {
    respond {
      body = "$hosting" # ERROR: This request variable is not known
    }
  }
}
