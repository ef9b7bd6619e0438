variable "domain" {
  default = "example.com"
}
variable "domain_old" { # WARNING: Variable "domain_old" is used nowhere
  default = "example.org"
}
listener "http" {
  address = ":8000"
}
site "x" {
  hosts = [var.domain]
  location "/" {
    respond {}
  }
}
