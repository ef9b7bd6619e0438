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
      format = "$remote_addr $tls_version" # ERROR: This request variable is not in this version yet
    }
  }
}
