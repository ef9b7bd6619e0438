listener "http" {
  address = ":8000"
}
pool "django" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/app" {
    respond {
      status       = 99 # ERROR: This status cannot be used here
      content_type = "html" # ERROR: This is not a media type
    }
  }
}
