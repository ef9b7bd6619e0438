pool "x${1}" { # ERROR: Invalid string literal
  app = "a:b"
}
