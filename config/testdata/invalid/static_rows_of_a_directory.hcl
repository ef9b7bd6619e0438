listener "http" {
  address = ":8000"
}
pool "django" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/app" {
    static {
      file  = "/srv/a.txt"
      index = ["a.html"] # ERROR: "index" means nothing with file
    }
  }
}
