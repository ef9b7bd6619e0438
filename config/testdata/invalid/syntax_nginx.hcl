site "mysite" {
  hosts www.example.com; # ERROR: HCL has no semicolons
}
