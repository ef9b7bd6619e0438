log {
  access_log {
    format = "combiend" # ERROR: This access log format is not known
  }
}
