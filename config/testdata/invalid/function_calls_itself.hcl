function "f" {
  params = [x]
  result = f(x)
}
pool "django" {
  app = f("a:b") # ERROR: Calling f() failed
}
