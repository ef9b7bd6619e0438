variable "secret" {
  default = file("not-there.txt") # ERROR: Calling file() failed
}
