pool "django" {
  app             = "a:b"
  request_timeout = 1e999999999 # ERROR: This duration needs a unit
  threads         = 1e99 # ERROR: This value is too large
  boot_timeout    = -3 # ERROR: This duration needs a unit
}
