listener "http" {
  address = ":8000"
  mode  = "0600" # ERROR: "mode" belongs to a unix socket
  group = "www-data" # ERROR: "group" belongs to a unix socket
}
