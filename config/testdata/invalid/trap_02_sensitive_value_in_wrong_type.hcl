variable "secret" {
  default   = "hunter2-hunter2"
  sensitive = true
}
pool "django" {
  app     = "mysite.wsgi:application"
  threads = var.secret # ERROR: This is not a number
}
