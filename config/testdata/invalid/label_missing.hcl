pool { # ERROR: A pool needs a label
  app = "a:b"
}
