listener "http" {
  address = ":8000"
}
pool "app" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/s" {
    static {
      directory     = "s"
      immutable     = "always" # ERROR: This is not one of the choices
      precompressed = ["gz"] # ERROR: This is not one of the choices
      cache_control = "no-cache"
    }
  }
  location "/t" {
    static {
      directory     = "t"
      immutable     = "on" # ERROR: "immutable" and "cache_control" exclude each other
      precompressed = ["br", "br"] # ERROR: "br" is listed twice
      cache_control = "no-cache"
    }
  }
  location "/u" {
    static {
      directory = "u"
      immutable = "on"
      max_age   = "1h" # ERROR: "max_age" and "immutable" exclude each other
    }
  }
  location "/robots.txt" {
    static {
      file      = "robots.txt"
      autoindex = true # ERROR: "autoindex" means nothing with file
      files "*" { # ERROR: "files" means nothing with file
        deny = true
      }
    }
  }
}
