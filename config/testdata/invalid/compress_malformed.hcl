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
      types     = ["html"] # ERROR: This is not a media type
      encodings = ["br"] # ERROR: Brotli is not made on the fly
      level     = 12 # ERROR: This value is too large
      min_size  = 1024 # ERROR: This size needs a unit
    }
  }
}
site "second" {
  hosts = ["second.example"]
  compress {
    types     = ["*/*"] # ERROR: This would compress everything
    encodings = ["deflate"] # ERROR: This encoding is not offered
  }
  location "/" {
    pass = pool.app
    compress {
      types     = ["text/html; charset=utf-8"] # ERROR: This media type has parameters
      encodings = ["gzip", "zsdt"] # ERROR: This is not one of the choices
    }
  }
}
