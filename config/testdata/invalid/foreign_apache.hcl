site "mysite" {
  server_alias      = ["www.example.com"] # ERROR: There is no "server_alias" in a site
  document_root     = "/srv/www" # ERROR: There is no "document_root" in a site
  wsgi_script_alias = "/ /srv/site.wsgi" # ERROR: There is no "wsgi_script_alias" in a site
}
