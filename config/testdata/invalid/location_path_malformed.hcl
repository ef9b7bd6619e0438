listener "http" {
  address = ":8000"
}
pool "django" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "static" { # ERROR: A location begins with a slash
    pass = pool.django
  }
  location "= /x" { # ERROR: A location begins with a slash
    pass = pool.django
  }
  location "~ \\.php$" { # ERROR: A location is not a regular expression
    pass = pool.django
  }
  location "/a*" { # ERROR: A location has no wildcards
    pass = pool.django
  }
  location "/a%20b" { # ERROR: A location is written decoded
    pass = pool.django
  }
  location "/a/../b" { # ERROR: A location has no dot segments
    pass = pool.django
  }
  location "@app" { # ERROR: There are no named locations
    pass = pool.django
  }
  location "/x?y=1" { # ERROR: A location is only a path
    pass = pool.django
  }
}
