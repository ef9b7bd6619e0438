listener "http" {
  address = ":8000"
}
variable "n" {
  default = "3"
}
pool "django" {
  app       = "a:b"
  processes = var.n # ERROR: This is a number, not text
}
