locals {
  a = local.b # ERROR: Local values need each other in a circle
  b = "${local.c}!"
  c = local.a
}
