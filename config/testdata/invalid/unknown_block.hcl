poool "django" { # ERROR: There is no "poool" at the top level of a file
  app = "a:b"
}
