http { # ERROR: There is no "http" at the top level of a file
  server {
    listen = 80
  }
}
events {} # ERROR: There is no "events" at the top level of a file
server { # ERROR: There is no "server" at the top level of a file
  server_name = "x"
}
worker_processes = 4 # ERROR: There is no "worker_processes" at the top level of a file
