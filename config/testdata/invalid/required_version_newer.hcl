appserve {
  required_version = ">= 99.0" # ERROR: This configuration is for another version of appserve
  anything_new     = true
}
new_block {}
