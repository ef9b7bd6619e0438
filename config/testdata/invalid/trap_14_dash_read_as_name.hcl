listener "http" {
  address = ":8000"
}
pool "django" {
  app = "mysite.wsgi:application"
}
locals {
  a = 8
  b = 2
}
pool "other" {
  app     = "a:b"
  threads = local.a-local.b # ERROR: There is no local value "a-local"
}
