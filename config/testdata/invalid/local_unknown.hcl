locals {
  home = "/srv"
}
pool "django" {
  app   = "a:b"
  chdir = local.hmoe # ERROR: There is no local value "hmoe"
}
