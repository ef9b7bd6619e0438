pool "django" {
  app    = "mysite.wsgi:application"
  zebra  = 1 # ERROR: There is no "zebra" in a pool
  yak    = 2 # ERROR: There is no "yak" in a pool
  xerus  = 3 # ERROR: There is no "xerus" in a pool
  walrus = 4 # ERROR: There is no "walrus" in a pool
  viper  = 5 # ERROR: There is no "viper" in a pool
}
