pool "my site" { # ERROR: This name cannot be referred to
  app = "a:b"
}
