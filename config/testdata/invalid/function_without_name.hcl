function "" { # ERROR: This name cannot be called
  params = [x]
  result = f(x)
}

pool "django" {
  app = f("a:b") # ERROR: There is no function "f"
}
