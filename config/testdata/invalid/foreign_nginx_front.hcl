listener "http" {
  address = ":8000"
  ssl_certificate  = "a.pem" # ERROR: There is no "ssl_certificate" in a listener
  set_real_ip_from = "10.0.0.0/8" # ERROR: There is no "set_real_ip_from" in a listener
  real_ip_header   = "X-Real-IP" # ERROR: There is no "real_ip_header" in a listener
  client_body_timeout = 60 # ERROR: There is no "client_body_timeout" in a listener
  worker_connections  = 1024 # ERROR: There is no "worker_connections" in a listener
  tls {
    ssl_certificate = "a.pem" # ERROR: There is no "ssl_certificate" in a tls block
    ssl_protocols   = "TLSv1.2" # ERROR: There is no "ssl_protocols" in a tls block
    ssl_ciphers     = "HIGH" # ERROR: There is no "ssl_ciphers" in a tls block
  }
}
site "mysite" {
  location "/" {
    respond {}
  }
}
site "second" {
  hosts = ["second.example"]
  proxy_set_header = "X-A b" # ERROR: There is no "proxy_set_header" in a site
  limit_req        = "zone" # ERROR: There is no "limit_req" in a site
  limit_except     = "GET" # ERROR: There is no "limit_except" in a site
  gzip_types       = "text/css" # ERROR: There is no "gzip_types" in a site
  auth_basic_user_file = "users" # ERROR: There is no "auth_basic_user_file" in a site
  encode           = "gzip" # ERROR: There is no "encode" in a site
  certfile         = "a.pem" # ERROR: There is no "certfile" in a site
}
