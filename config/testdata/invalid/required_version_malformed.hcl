appserve {
  required_version = "newest" # ERROR: This is not a version constraint
}
