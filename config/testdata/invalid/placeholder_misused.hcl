listener "http" {
  address = ":8000"
}
pool "django" {
  app     = "a:b"
  threads = sensitive("four") # ERROR: This is not a number
}
