listener "http" {
  address = ":8000"
}
pool "app" {
  app = "mysite.wsgi:application"
}
log {
  access_log {
    format = "$match_user" # ERROR: There is no group "user" here
  }
}
site "mysite" {
  location "^/user/(?P<name>[a-z]+)/([0-9]+)" {
    match    = "regex"
    priority = 1
    redirect {
      to = "/people/$match_nmae" # ERROR: There is no group "nmae" here
    }
    response_headers {
      set = {
        "X-A" = "$match_name"
        "X-B" = "$match_section" # ERROR: There is no group "section" here
      }
    }
  }
  location "/a" {
    redirect {
      to = "/b/$match_name" # ERROR: There is no group "name" here
    }
  }
  location "/c" {
    redirect {
      to = "/d/$1" # ERROR: Groups have names
    }
  }
}
