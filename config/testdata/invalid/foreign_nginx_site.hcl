site "mysite" {
  server_name          = "www.example.com" # ERROR: There is no "server_name" in a site
  listen               = 80 # ERROR: There is no "listen" in a site
  client_max_body_size = 10 # ERROR: There is no "client_max_body_size" in a site
  root                 = "/srv/www" # ERROR: There is no "root" in a site
  ssl_certificate      = "a.pem" # ERROR: There is no "ssl_certificate" in a site
}
