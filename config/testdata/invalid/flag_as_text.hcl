listener "http" {
  address = ":8000"
}
site "mysite" {
  enabled = "yes" # ERROR: This is a switch, not text
}
