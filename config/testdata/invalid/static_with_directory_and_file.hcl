listener "http" {
  address = ":8000"
}
pool "django" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/app" {
    static {
      directory = "/srv"
      file      = "/srv/a.txt" # ERROR: "file" and "directory" exclude each other
    }
  }
}
