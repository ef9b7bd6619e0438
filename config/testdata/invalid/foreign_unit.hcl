pool "django" {
  module            = "mysite.wsgi" # ERROR: There is no "module" in a pool
  working_directory = "/srv" # ERROR: There is no "working_directory" in a pool
  home              = "/srv/venv" # ERROR: There is no "home" in a pool
  environment       = { A = "b" } # ERROR: There is no "environment" in a pool
  limits            = { requests = 1000 } # ERROR: There is no "limits" in a pool
}
