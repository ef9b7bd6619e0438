listener "http" {
  address = ["0.0.0.0:8000", "127.0.0.1:8000"] # ERROR: The address "127.0.0.1:8000" is taken
}

site "x" {
  location "/" {
    respond {}
  }
}
