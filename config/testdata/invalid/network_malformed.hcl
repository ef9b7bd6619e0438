listener "http" {
  address = ":8000"
  trusted_proxies = ["10.0.0.0/33"] # ERROR: This is no network
}
site "mysite" {
  listeners = [listener.http]
  location "/" {
    respond {}
  }
}
listener "second" {
  address         = ":8001"
  trusted_proxies = ["proxy.example.com"] # ERROR: This is no network
}
listener "third" {
  address         = ":8002"
  trusted_proxies = ["all"] # ERROR: This is no network
}
listener "fourth" {
  address         = ":8003"
  trusted_proxies = ["localhost"] # ERROR: This is no network
}
listener "fifth" {
  address         = ":8004"
  trusted_proxies = ["::ffff:10.0.0.0/64"] # ERROR: This is no network
}
listener "sixth" {
  address         = ":8005"
  trusted_proxies = ["private_ranges"] # ERROR: This is no network
}
