listener "http" {
  address = ":8000"
}
pool "django" {
  enabled = false
  app     = "a:b"
}
site "mysite" {
  location "/" {
    pass = pool.django # ERROR: Pool "django" is not enabled
  }
}
