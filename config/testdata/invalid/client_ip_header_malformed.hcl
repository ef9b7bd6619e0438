listener "http" {
  address = ":8000"
  trusted_proxies  = ["10.0.0.0/8"]
  client_ip_header = "X Client" # ERROR: This header cannot be used here
}
site "mysite" {
  listeners = [listener.http]
  location "/" {
    respond {}
  }
}
listener "second" {
  address          = ":8001"
  trusted_proxies  = ["10.0.0.0/8"]
  client_ip_header = "X-Forwarded-Proto" # ERROR: This header cannot be used here
}
listener "third" {
  address          = ":8002"
  trusted_proxies  = ["10.0.0.0/8"]
  client_ip_header = "X-Real-IP:" # ERROR: This header cannot be used here
}
listener "fourth" {
  address          = ":8003"
  trusted_proxies  = ["10.0.0.0/8"]
  client_ip_header = "Connection" # ERROR: This header cannot be used here
}
