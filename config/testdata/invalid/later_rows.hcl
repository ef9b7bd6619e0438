listener "http" {
  address  = ":8000"
  protocol = "uwsgi" # ERROR: "protocol" is not in this version yet
  tls {
    acme  = acme.letsencrypt # ERROR: "acme" is not in this version yet
    http3 = true # ERROR: "http3" is not in this version yet
  }
}
