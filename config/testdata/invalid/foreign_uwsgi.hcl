pool "django" {
  app = "mysite.wsgi:application"
  harakiri      = 30 # ERROR: There is no "harakiri" in a pool
  uid           = "www-data" # ERROR: There is no "uid" in a pool
  venv          = "/srv/venv" # ERROR: There is no "venv" in a pool
  master        = true # ERROR: There is no "master" in a pool
  lazy-apps     = true # ERROR: There is no "lazy-apps" in a pool
  http-socket   = ":8000" # ERROR: There is no "http-socket" in a pool
  chmod-socket  = 660 # ERROR: There is no "chmod-socket" in a pool
  reload-on-rss = 400 # ERROR: There is no "reload-on-rss" in a pool
  cheaper       = 2 # ERROR: There is no "cheaper" in a pool
  vacuum        = true # ERROR: There is no "vacuum" in a pool
  die-on-term   = true # ERROR: There is no "die-on-term" in a pool
  buffer-size   = 32768 # ERROR: There is no "buffer-size" in a pool
}
