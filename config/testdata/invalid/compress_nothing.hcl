listener "http" {
  address = ":8000"
}
pool "app" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/app" {
    pass = pool.app
    compress {
      types     = [] # ERROR: This compress block compresses nothing
      encodings = ["gzip", "gzip"] # ERROR: "gzip" is listed twice
    }
  }
}
