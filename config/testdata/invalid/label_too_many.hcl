log "main" { # ERROR: A label too many for log
  level = "info"
}
