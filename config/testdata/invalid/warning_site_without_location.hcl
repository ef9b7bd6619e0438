listener "http" {
  address = ":8000"
}
site "mysite" {} # WARNING: Site "mysite" has no location
