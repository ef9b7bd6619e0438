listener "http" {
  address = ":8000"
}

pool "django" {
  app       = "coffeehouse.wsgi:application"
  chdir     = "/srv/coffeehouse"
  processes = 3
}

site "coffeehouse" {
  max_body_size = "32MiB"

  location "/static/" {
    static {
      directory = "/srv/coffeehouse/static"
      max_age   = "30d"
    }
  }

  location "/" {
    pass = pool.django
  }
}
