variable "secret" {
  default = env("APPSERVE_TEST_NOT_THERE") # ERROR: Calling env() failed
}
