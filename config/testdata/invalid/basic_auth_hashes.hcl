listener "http" {
  address = ":8000"
}
pool "app" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/md5" {
    pass = pool.app
    basic_auth {
      users = { bob = "$1$salt$qJH7.N4xYta3aEG/dfqo/0" } # ERROR: This is no password hash
    }
  }
  location "/sha" {
    pass = pool.app
    basic_auth {
      users = { bob = "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=" } # ERROR: This is no password hash
    }
  }
  location "/bcrypt" {
    pass = pool.app
    basic_auth {
      users = { bob = "$2y$10$short" } # ERROR: This is no password hash
    }
  }
  location "/crypt" {
    pass = pool.app
    basic_auth {
      users = { bob = "$6$salt$" } # ERROR: This is no password hash
    }
  }
  location "/argon" {
    pass = pool.app
    basic_auth {
      users = { bob = "$argon2id$v=19$m=65536$x$y" } # ERROR: This is no password hash
    }
  }
}
