variable "a" {
  default = "x"
}
variable "b" {
  default = "${var.a}.example.com" # ERROR: A default cannot use other values
}
