log {
  access_log {
    format = "%{User-Agent}i" # ERROR: Invalid template control keyword
  }
}
