pool "django" { # ERROR: Unclosed configuration block
  app = "a:b"
