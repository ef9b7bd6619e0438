# What would be said here is not wanted.
appserve {
  ignore_warnings = ["unused-pool", "empty-site"]
}

listener "http" {
  address = ":8000"
}

pool "later" {
  app = "a:b"
}

site "soon" {
}
