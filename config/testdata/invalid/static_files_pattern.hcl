listener "http" {
  address = ":8000"
}
pool "app" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/s" {
    static {
      directory = "s"
      files "[ab].js" { # ERROR: This is not a glob
        deny = true
      }
      files "" { # ERROR: This pattern is empty
        deny = true
      }
      files ".map" { # ERROR: This pattern begins with a dot
        deny = true
      }
      files "private/" { # ERROR: This pattern ends in a slash
        deny = true
      }
      files "\\.map$" { # ERROR: This is not a glob
        deny = true
      }
      files "^a" { # ERROR: This pattern is no regular expression
        deny = true
      }
      files "a/../b" { # ERROR: This pattern has empty or dot segments
        deny = true
      }
      files "*.map" {
        deny          = true
        cache_control = "no-store" # ERROR: "cache_control" means nothing with deny
      }
      files "*.bak" {
        deny = true
        response_headers { # ERROR: "response_headers" means nothing with deny
          remove = ["Server"]
        }
      }
      files "*.map" { # ERROR: Duplicate files block
        deny = true
      }
    }
  }
}
