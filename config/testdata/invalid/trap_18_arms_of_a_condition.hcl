listener "http" {
  address = ":8000"
}
variable "big" {
  default = true
}
pool "django" {
  app = "mysite.wsgi:application"
  env = var.big ? { A = "1" } : ["A"] # ERROR: Inconsistent conditional result types
}
