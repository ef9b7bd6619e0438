# A page that shows what appserve hands to a Python application. It needs python3 and nothing else.
#
#   make run                                                    # http://127.0.0.1:8000/

variable "address" {
  type        = string
  default     = "127.0.0.1:8000"
  description = "Where to listen."
}

appserve {
  # Python as root is refused: a mistake in the application would own the machine. A first try often
  # happens as root all the same, in a container or on a test machine, and this page listens on the
  # loopback only, reads no files for visitors and keeps nothing. So it may. A real site names a user
  # instead: see django.hcl.
  allow_root = true
}

log {
  access_log {
    format = "dev" # what Django's runserver shows, with the worker that answered
  }
}

listener "http" {
  address = var.address
}

pool "quickstart" {
  app       = "quickstart:application" # module:callable
  chdir     = "../quickstart"          # seen from the folder of this file
  processes = 2
}

site "quickstart" {
  location "/static/" {
    static {
      directory = "../quickstart/static"
    }
  }

  location "/" {
    pass = pool.quickstart
  }
}
