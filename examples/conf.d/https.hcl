# The coffeehouse on the open internet: HTTPS with HTTP/2, one host name, compression, a password, a limit on logins.
#
#   make build deps
#   .venv/bin/python examples/coffeehouse/manage.py prepare     # tables, static files, an administrator
#   cd examples/coffeehouse/var && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 90 \
#     -subj /CN=localhost -addext subjectAltName=DNS:localhost,DNS:www.localhost -keyout site.key -out site.crt
#   echo "desk:$(openssl passwd -6 crema)" > users && chmod o-r users && cd -
#   bin/appserve -c examples/conf.d/https.hcl                   # https://localhost:8443/
#
# As root, name who runs Python: -var user=www-data (the data folder has to be theirs), or -var allow_root=true.

variable "address" {
  type        = string
  default     = "127.0.0.1:8443"
  description = "Where to speak HTTPS; :443 on a server."
}

variable "plain_address" {
  type        = string
  default     = "127.0.0.1:8000"
  description = "Where to send everybody to HTTPS; :80 on a server."
}

variable "certificate" {
  type        = string
  default     = "../coffeehouse/var/site.crt"
  description = "The certificate with its chain, as certbot's fullchain.pem."
}

variable "key" {
  type        = string
  default     = "../coffeehouse/var/site.key"
  description = "Its private key, as certbot's privkey.pem."
}

variable "users_file" {
  type        = string
  default     = "../coffeehouse/var/users"
  description = "Names and hashed passwords, as htpasswd writes them."
}

variable "data" {
  type        = string
  default     = "../coffeehouse/var"
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
  address = var.plain_address
}

listener "https" {
  address = var.address

  tls {
    certificate = var.certificate
    key         = var.key
  }
}

pool "django" {
  app        = "coffeehouse.wsgi:application"
  chdir      = "../coffeehouse"
  virtualenv = "../../.venv"
  processes  = 2

  env = {
    COFFEEHOUSE_DATABASE = "${var.data}/coffeehouse.sqlite3"
    COFFEEHOUSE_STATIC   = "${var.data}/static"
    COFFEEHOUSE_MEDIA    = "${var.data}/media"
  }

  inherit_env = ["PATH", "HOME", "LANG", "LC_*", "TZ", "COFFEEHOUSE_SECRET_KEY", "COFFEEHOUSE_HOSTS"]
}

site "coffeehouse" {
  listeners      = [listener.http, listener.https]
  hosts          = ["localhost", "www.localhost"]
  canonical_host = "localhost" # www goes there
  require_https  = true        # so does http
  max_body_size  = "32MiB"

  compress {
    types = ["text/*", "application/javascript", "image/svg+xml"]
  }

  response_headers {
    set     = { "Strict-Transport-Security" = "max-age=31536000" }
    default = { "Referrer-Policy" = "same-origin" } # unless Django says it
  }

  location "/static/" {
    static {
      directory = "${var.data}/static" # hashed names: browsers keep them for ever, by themselves
    }
  }

  # Uploads are for staff. Their files come from disk, so Django is not there to ask who it is.
  location "/media/" {
    static {
      directory = "${var.data}/media"
    }

    basic_auth {
      realm      = "Staff"
      users_file = var.users_file
    }
  }

  location "/admin/login/" {
    pass = pool.django

    rate_limit {
      rate    = "10/m"
      methods = ["POST"]
    }
  }

  location "/" {
    pass = pool.django
  }
}
