variable "secret" {
  default   = "correct-horse"
  sensitive = true
}
pool "django" {
  app     = "mysite.wsgi:application"
  threads = parseint(var.secret, 10) # ERROR: This expression cannot be computed
}
