listener "a" {
  address = ":8000"
}
listener "b" {
  address = "127.0.0.1:8000" # ERROR: The address "127.0.0.1:8000" is taken
}
site "x" {
  listeners = [listener.a, listener.b]
  location "/" {
    respond {}
  }
}
