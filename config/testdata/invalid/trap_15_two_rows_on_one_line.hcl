pool "django" { app = "a:b" threads = 2 } # ERROR: Invalid single-argument block definition
