pool "django" {
  app     = nowhere.at.all # ERROR: There is no "nowhere"
  threads = nothing + 1 # ERROR: There is no "nothing"
}
