pool "django" {
  app = "mysite.wsgi:application"
  limit_max_requests         = 1000 # ERROR: There is no "limit_max_requests" in a pool
  timeout_graceful_shutdown = 30 # ERROR: There is no "timeout_graceful_shutdown" in a pool
  root_path                  = "/app" # ERROR: There is no "root_path" in a pool
  proxy_headers              = true # ERROR: There is no "proxy_headers" in a pool
  forwarded_allow_ips        = "*" # ERROR: There is no "forwarded_allow_ips" in a pool
}
