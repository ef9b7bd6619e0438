listener "http" {
  address = ":8000"
}
pool "app" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/app" {
    pass = pool.app
    basic_auth { # ERROR: This basic_auth block knows nobody
      realm = "Staff"
    }
  }
}
site "second" {
  hosts = ["second.example"]
  location "/" {
    pass = pool.app
    basic_auth {
      realm = "say \"please\"" # ERROR: This cannot stand in a header
      users = {} # ERROR: This basic_auth block knows nobody
    }
  }
  location "/colon" {
    pass = pool.app
    basic_auth {
      users = { "a:b" = "$6$abc$IdWKNKTJEb8LxY7CGg8YBXlvtfZzFw7Mp/r6niK9YB2mdvgY..TKjv1T..8RadRt2qvUHYRLr/TsVArtr91iR1" } # ERROR: This name cannot be used here
    }
  }
}
