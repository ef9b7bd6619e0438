site "mysite" {
  max_body_size = 10MiB # ERROR: This value needs quotes
}
