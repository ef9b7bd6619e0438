listener "http" {
  address = ":8000"
  tls {
    certificate = "site.pem"
    key         = "site.key"
    min_version = "1.1" # ERROR: This version of TLS is not offered
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
    min_version = "TLSv1.3" # ERROR: This is not one of the choices
  }
}
