listener "http" {
  address = ":8000"; # ERROR: HCL has no semicolons
}
