listener "http" {
  address = ":8000"
}
site "mysite" {
  location "/api" {
    also = ["/api/v1", "/v2"] # WARNING: This path is covered already
    respond {}
  }
}
