listener "l0" {
  address = 8000 # ERROR: An address is a string
}
listener "l1" {
  address = "8000" # ERROR: This address needs a colon
}
listener "l2" {
  address = "localhost:8000" # ERROR: This address is a name
}
listener "l3" {
  address = "*:80" # ERROR: This address has no IP address
}
listener "l4" {
  address = "http://0.0.0.0:80" # ERROR: An address is not a URL
}
listener "l5" {
  address = "/run/x.sock" # ERROR: This address needs "unix:"
}
listener "l6" {
  address = "127.0.0.1" # ERROR: This address has no port
}
listener "l7" {
  address = "::1:8000" # ERROR: This address needs brackets
}
listener "l8" {
  address = "127.0.0.1:70000" # ERROR: This port cannot be used
}
listener "l9" {
  address = "unix:" # ERROR: This address has no path
}
listener "l10" {
  address = "unix:///run/x.sock" # ERROR: This address has a slash too many
}
listener "l11" {
  address = "example.com:80" # ERROR: This address is a name
}
listener "l12" {
  address = true # ERROR: This value is not text
}
