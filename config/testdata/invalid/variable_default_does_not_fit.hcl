variable "n" {
  type    = number
  default = "many" # ERROR: The default does not fit the type
}
