listener "http" {
  address = ":8000"
}
site "mysite" {
  enabled = yes # ERROR: There is no "yes"
}
