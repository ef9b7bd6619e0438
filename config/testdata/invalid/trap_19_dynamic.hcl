listener "http" {
  address = ":8000"
}
site "mysite" {
  dynamic "location" { # ERROR: "dynamic" is reserved
    for_each = ["/a"]
  }
}
