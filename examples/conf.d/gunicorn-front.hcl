# appserve in front of a Gunicorn that is already there: it takes the place of nginx alone.
#
#   cd examples/coffeehouse
#   ../../.venv/bin/gunicorn --bind 127.0.0.1:8001 --workers 2 coffeehouse.wsgi
#
#   bin/appserve -c examples/conf.d/gunicorn-front.hcl          # http://127.0.0.1:8000/

variable "address" {
  type        = string
  default     = "127.0.0.1:8000"
  description = "Where to listen."
}

variable "gunicorn" {
  type        = string
  default     = "127.0.0.1:8001"
  description = "Gunicorn's --bind: host:port, or unix:/run/gunicorn/coffeehouse.sock"
}

variable "data" {
  type        = string
  default     = "../coffeehouse/var"
  description = "Collected static files and uploads."
}

listener "http" {
  address = var.address
}

upstream "gunicorn" {
  server "coffeehouse" {
    address = var.gunicorn
  }
}

site "coffeehouse" {
  max_body_size   = "32MiB"
  request_timeout = "30s" # as Gunicorn's own --timeout

  location "/static/" {
    static {
      directory = "${var.data}/static"
      max_age   = "30d"
    }
  }

  location "/media/" {
    static {
      directory = "${var.data}/media"
    }
  }

  location "/" {
    pass = upstream.gunicorn
  }
}
