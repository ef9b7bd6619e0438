pool "a" {
  app = "my site" # ERROR: This names no application
}
pool "b" {
  app = "my-site.wsgi:application" # ERROR: This is not a module name
}
pool "c" {
  app = "mysite:make app" # ERROR: This names no callable
}
pool "d" {
  app = "create_app()" # ERROR: This names no module
}
