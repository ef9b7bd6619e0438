listener "http" {
  address = ":8000"
  tls {
    certificate = "site.pem" # ERROR: This certificate has no key
    pair "shop" { # ERROR: A pair block needs "key"
      certificate = "shop.pem"
    }
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
    key = "site.key" # ERROR: This key has no certificate
  }
}
