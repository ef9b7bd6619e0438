# Several sites on one listener: two applications by host name, and an old name that moved.
#
#   bin/appserve -c examples/conf.d/many-sites.hcl
#
#   http://www.localhost:8000/       the quickstart page
#   http://hello.localhost:8000/     another application in its own workers
#   http://old.localhost:8000/x      redirects to http://www.localhost:8000/x
#   any other name                   404: no site of this server

variable "address" {
  type        = string
  default     = "127.0.0.1:8000"
  description = "Where to listen."
}

variable "www" {
  type        = string
  default     = "www.localhost:8000"
  description = "The main site as visitors write it, with the port."
}

locals {
  domain = "localhost"
}

appserve {
  allow_root = true # demo pages on the loopback, as in quickstart.hcl
}

log {
  access_log {
    format = "json"
  }
}

listener "http" {
  address = var.address
}

pool "quickstart" {
  app       = "quickstart:application"
  chdir     = "../quickstart"
  processes = 2
}

pool "hello" {
  app       = "hello_wsgi:application"
  chdir     = "../hello"
  processes = 1
  threads   = 4
}

site "www" {
  hosts = ["www.${local.domain}", local.domain]

  location "/static/" {
    static {
      directory = "../quickstart/static"
    }
  }

  location "/" {
    pass = pool.quickstart
  }
}

site "hello" {
  hosts         = ["hello.${local.domain}", "*.hello.${local.domain}"]
  max_body_size = "64KiB"

  location "/" {
    pass = pool.hello
  }

  location "/alive" {
    match = "exact"

    respond {
      status = 200
      body   = "yes\n"
    }
  }
}

site "old" {
  hosts = ["old.${local.domain}"]

  location "/" {
    redirect {
      to     = "http://${var.www}$request_uri"
      status = 308
    }
  }
}
