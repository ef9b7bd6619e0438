listener "http" {
  address = ":8000"
}
variable "domain" {
  default = "example.com"
}
site "mysite" {
  hosts = ["www.${var.domian}"] # ERROR: There is no variable "domian"
}
