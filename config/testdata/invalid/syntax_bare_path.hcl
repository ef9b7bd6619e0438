pool "django" {
  chdir = /srv/mysite # ERROR: This value needs quotes
}
