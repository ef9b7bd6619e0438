site "mysite" {
  for_each = ["a"] # ERROR: "for_each" is reserved
  template "x" {} # ERROR: "template" is reserved
}
