pool "django" {
  app = "a:b"
  app = "c:d" # ERROR: Attribute redefined
}
