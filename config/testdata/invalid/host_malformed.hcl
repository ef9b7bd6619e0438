site "s0" {
  hosts = ["_"] # ERROR: This host is a catch-all of nginx
}
site "s1" {
  hosts = [".example.com"] # ERROR: This host begins with a dot
}
site "s2" {
  hosts = ["~^www"] # ERROR: A host is not a regular expression
}
site "s3" {
  hosts = ["http://www.example.com/"] # ERROR: A host is not a URL
}
site "s4" {
  hosts = ["www.example.com:80"] # ERROR: A host has no port
}
site "s5" {
  hosts = ["example.*"] # ERROR: This host cannot be used
}
site "s6" {
  hosts = ["a..b"] # ERROR: This host cannot be used
}
site "s7" {
  hosts = ["www example com"] # ERROR: This host cannot be used
}
