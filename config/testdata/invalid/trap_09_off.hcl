log {
  access_log {
    enabled = off # ERROR: There is no "off"
  }
}
