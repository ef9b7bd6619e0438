listener "http" {
  address = ":8000"
}
pool "django" {
  app = "mysite.wsgi:application"
}
variable "p" {
  default = "django"
}
site "mysite" {
  location "/a" {
    pass = django # ERROR: This is not a reference
  }
  location "/b" {
    pass = var.p # ERROR: A reference is written out
  }
  location "/c" {
    pass = pool.django.app # ERROR: This is not a reference
  }
  location "/d" {
    pass = "http://127.0.0.1:9000" # ERROR: This is not a reference
  }
  location "/e" {
    pass = listener.http # ERROR: This reference names the wrong kind of block
  }
  location "/f" {
    pass = true ? pool.django : null # ERROR: This is not a reference
  }
  location "/g" {
    pass = ["x"] # ERROR: This is not a reference
  }
}
