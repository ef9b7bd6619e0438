function "join" { # ERROR: There is a function "join" already
  params = [x]
  result = x
}
