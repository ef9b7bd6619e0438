listener "http" {
  address = ":8000"
}
site "mysite" {
  location "/" {
    redirect {
      to = "https://$host$request_uri" # WARNING: This redirect goes wherever the client says
    }
  }
}
