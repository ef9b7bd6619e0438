listener "http" {
  address = ":8000"
  mode = 0660 # ERROR: A mode is a string
}
