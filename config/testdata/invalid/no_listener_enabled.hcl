listener "http" { # ERROR: There is no listener
  enabled = false
  address = ":8000"
}
