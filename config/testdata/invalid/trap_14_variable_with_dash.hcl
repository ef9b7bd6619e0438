variable "my-domain" { # ERROR: This name cannot be used for a variable
  default = "example.com"
}
