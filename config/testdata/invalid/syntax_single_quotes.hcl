listener "http" {
  address = ':8000' # ERROR: Invalid character
}
