listener "http" {
  address = ":8000"
  tls {
    certificate = "site.pem"
    key         = "site.key"
    client_auth = "required" # ERROR: Client certificates need an authority
  }
}
site "mysite" {
  listeners = [listener.http]
  location "/" {
    respond {}
  }
}
listener "second" {
  address = ":8001"
  tls {
    certificate = "site.pem"
    key         = "site.key"
    client_ca   = "clients.pem" # ERROR: "client_ca" means nothing when no client is asked
  }
}
