appserve {
  ignore_warnings = ["unused-pol"] # ERROR: There is no such warning
}
listener "http" {
  address = ":8000"
}
