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
      try       = ["/$host$rest"] # ERROR: This request variable means nothing here
    }
  }
}
