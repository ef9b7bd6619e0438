listener "http" {
  address = ":8000"
}
pool "django" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/app" {
    redirect {
      to     = "www.example.com" # ERROR: A redirect is a path or a URL
      status = 200 # ERROR: This status cannot be used here
    }
  }
}
