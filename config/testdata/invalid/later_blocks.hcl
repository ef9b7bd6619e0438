admin { # ERROR: "admin" is not in this version yet
  address = "unix:/run/x.sock"
}
acme "le" { # ERROR: "acme" is not in this version yet
  email = "a@example.com"
}
