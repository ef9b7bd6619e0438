listener "http" {
  address = ":8000"
}
pool "app" {
  app = "mysite.wsgi:application"
}
site "mysite" {
  location "/a" {
    priority = 10 # ERROR: "priority" means nothing here
    pass     = pool.app
  }
}
