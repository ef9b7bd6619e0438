pool "django" {
  app = "mysite.wsgi:application"
  env = merge({ A = "1", A = "2" }, { B = "3" }) # ERROR: This key is written twice
}
