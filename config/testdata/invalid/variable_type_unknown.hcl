variable "n" {
  type    = text # ERROR: This is not a type
  default = "many"
}
