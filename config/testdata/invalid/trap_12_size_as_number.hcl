listener "http" {
  address = ":8000"
  max_header_size = 32768 # ERROR: This size needs a unit
}
