# A Django site: static files and uploads straight from disk, everything else from WSGI workers.
#
#   make build deps
#   .venv/bin/python examples/coffeehouse/manage.py prepare     # tables, static files, an administrator
#   bin/appserve -c examples/conf.d/django.hcl                  # http://127.0.0.1:8000/
#
# As root, name who runs Python: -var user=www-data (the data folder has to be theirs), or -var allow_root=true.

variable "address" {
  type        = string
  default     = "127.0.0.1:8000"
  description = "Where to listen."
}

variable "project" {
  type        = string
  default     = "../coffeehouse"
  description = "The folder of manage.py."
}

variable "virtualenv" {
  type        = string
  default     = "../../.venv"
  description = "The virtual environment that has Django."
}

variable "data" {
  type        = string
  default     = "../coffeehouse/var" # the same folder from here and from the project
  description = "Database, collected static files and uploads."
}

variable "user" {
  type        = string
  default     = null
  description = "Who runs Python when appserve is started as root."
}

variable "allow_root" {
  type        = bool
  default     = false
  description = "Run Python as root: for a container in which there is nobody else."
}

appserve {
  user       = var.user
  allow_root = var.allow_root
}

listener "http" {
  address = var.address
}

pool "django" {
  app          = "coffeehouse.wsgi:application"
  chdir        = var.project
  virtualenv   = var.virtualenv
  processes    = 2
  max_requests = 5000 # then a fresh process, started before the old one goes

  env = {
    COFFEEHOUSE_DATABASE = "${var.data}/coffeehouse.sqlite3"
    COFFEEHOUSE_STATIC   = "${var.data}/static"
    COFFEEHOUSE_MEDIA    = "${var.data}/media"
  }

  # A worker gets a short list of names from the environment, not all of it. These two are the site's own.
  inherit_env = ["PATH", "HOME", "LANG", "LC_*", "TZ", "COFFEEHOUSE_SECRET_KEY", "COFFEEHOUSE_HOSTS"]
}

site "coffeehouse" {
  max_body_size = "32MiB" # documents have up to 24 MiB

  location "/static/" {
    static {
      directory = "${var.data}/static" # where collectstatic writes
      max_age   = "30d"                # of names without a hash; the others are kept for good
    }
  }

  location "/media/" {
    static {
      directory = "${var.data}/media"
    }
  }

  location "/" {
    pass = pool.django
  }
}
