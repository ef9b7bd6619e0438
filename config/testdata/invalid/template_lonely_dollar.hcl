listener "http" {
  address = ":8000"
}
pool "django" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/app" {
    respond {
      body = "it costs 5$" # ERROR: A dollar sign stands alone
    }
  }
}
