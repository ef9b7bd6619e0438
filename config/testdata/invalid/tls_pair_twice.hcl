listener "http" {
  address = ":8000"
  tls {
    certificate = "site.pem"
    key         = "site.key"
    pair "a" {
      certificate = "site.pem" # ERROR: Two pairs have this certificate
      key         = "other.key"
    }
    pair "b" {
      certificate = "b.pem"
      key         = "b.key"
    }
    pair "b" { # ERROR: Duplicate pair block
      certificate = "c.pem"
      key         = "c.key"
    }
  }
}
site "mysite" {
  location "/" {
    respond {}
  }
}
