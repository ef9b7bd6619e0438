listener "http" {
  address = ":8000"
  min_rate = 240 # ERROR: This byte rate needs a unit
}
site "mysite" {
  listeners = [listener.http]
  location "/" {
    respond {}
  }
}
listener "second" {
  address  = ":8001"
  min_rate = "240B" # ERROR: This byte rate has no time
}
listener "third" {
  address  = ":8002"
  min_rate = "240k/s" # ERROR: This is not a byte rate
}
listener "fourth" {
  address  = ":8003"
  min_rate = true # ERROR: This is not a byte rate
}
