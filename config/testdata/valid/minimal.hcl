# The least that serves something.
listener "http" {
  address = "127.0.0.1:8000"
}

site "hello" {
  location "/" {
    respond {
      body = "hello $remote_addr"
    }
  }
}
