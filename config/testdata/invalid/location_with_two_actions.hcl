listener "http" {
  address = ":8000"
}
pool "django" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/app" {
    pass = pool.django
    redirect { # ERROR: This location has two actions, "pass" and "redirect"
      to = "/"
    }
  }
}
