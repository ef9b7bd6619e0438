log {
  level = "verbose" # ERROR: This is not one of the choices
}
