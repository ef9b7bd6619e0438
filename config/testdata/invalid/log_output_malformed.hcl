log {
  output = "syslog:server=unix:/dev/log" # ERROR: There is no output to syslog
  access_log {
    output = "off" # ERROR: A log is not turned off by its output
  }
}
