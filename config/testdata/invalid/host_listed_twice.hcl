listener "http" {
  address = ":8000"
}
pool "django" {
  app = "mysite.wsgi:application"
}
site "www" {
  hosts = ["a.example.com", "a.example.com."] # ERROR: The host "a.example.com" is listed twice
  location "/" {
    pass = pool.django
  }
}
