pool "django" {
  app = "mysite.wsgi:application"
  workers      = 3 # ERROR: There is no "workers" in a pool
  timeout      = 120 # ERROR: There is no "timeout" in a pool
  bind         = "0.0.0.0:8000" # ERROR: There is no "bind" in a pool
  worker_class = "gthread" # ERROR: There is no "worker_class" in a pool
  preload_app  = true # ERROR: There is no "preload_app" in a pool
  raw_env      = ["A=b"] # ERROR: There is no "raw_env" in a pool
  loglevel     = "info" # ERROR: There is no "loglevel" in a pool
  accesslog    = "-" # ERROR: There is no "accesslog" in a pool
  pidfile      = "/run/x.pid" # ERROR: There is no "pidfile" in a pool
  daemon       = true # ERROR: There is no "daemon" in a pool
}
