listener "http" {
  address = ":8000"
}
pool "django" {
  app = "mysite.wsgi:application"
}
site "www" {
  hosts = ["www.example.com"]
  location "/" {
    pass = pool.django
  }
}
site "shop" {
  hosts = ["shop.example.com", "WWW.example.com"] # ERROR: Two sites claim the host "www.example.com" on listener "http"
  location "/" {
    pass = pool.django
  }
}
