# appserve in front of a uWSGI that is already there, over its own protocol.
#
#   cd examples/coffeehouse
#   ../../.venv/bin/uwsgi --master --socket /tmp/coffeehouse.sock --chmod-socket=660 \
#     --module coffeehouse.wsgi --processes 2 --die-on-term
#
#   bin/appserve -c examples/conf.d/uwsgi-front.hcl             # http://127.0.0.1:8000/

variable "address" {
  type        = string
  default     = "127.0.0.1:8000"
  description = "Where to listen."
}

variable "uwsgi" {
  type        = string
  default     = "unix:/tmp/coffeehouse.sock"
  description = "uWSGI's --socket: unix:PATH, or host:port."
}

variable "data" {
  type        = string
  default     = "../coffeehouse/var"
  description = "Collected static files and uploads."
}

listener "http" {
  address = var.address
}

upstream "uwsgi" {
  protocol = "uwsgi"

  server "coffeehouse" {
    address = var.uwsgi
  }
}

site "coffeehouse" {
  max_body_size = "32MiB"

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
    pass = upstream.uwsgi
  }
}
