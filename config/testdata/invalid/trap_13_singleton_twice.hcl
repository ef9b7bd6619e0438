log {
  level = "info"
}
log { # ERROR: Duplicate log block
  level = "debug"
}
