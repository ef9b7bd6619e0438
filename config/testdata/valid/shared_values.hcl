appserve {
  required_version = "~> 0.1, != 0.0.9"
}

variable "domain" {
  default     = "example.com"
  description = "the domain of all sites"
}

variable "secret_key" {
  default   = env("SHOP_SECRET", "not so secret")
  sensitive = true
}

variable "motd" {
  default = file("motd.txt")
}

variable "ports" {
  type    = list(number)
  default = [8080]
}

locals {
  common = merge(local.zone, { DJANGO_SECRET_KEY = var.secret_key, WORKERS = 2 })
  zone   = { TZ = "UTC" }
  home   = venv("shop")
  sites  = "/srv/sites"
}

function "venv" {
  params = [app]
  result = "${local.sites}/${app}/.venv"
}

log {
  level  = "debug"
  format = "json"

  access_log {
    output = "stderr"
    format = "$remote_addr $host \"$request\" $status $(request_time)s $http_user_agent costs $$5"
  }
}

listener "http" {
  address = "127.0.0.1:${var.ports[0]}"
}

pool "shop" {
  app              = "shop.wsgi:make_app()"
  chdir            = "shop"
  pythonpath       = ["lib", "/opt/lib"]
  virtualenv       = local.home
  processes        = max(2, cpus())
  threads          = 2
  umask            = "0027"
  request_timeout  = "30s"
  max_requests     = 5000
  env              = merge(local.common, { DJANGO_SETTINGS_MODULE = "shop.settings", DEBUG = false, "lower_case" = "x" })
  inherit_env      = ["PATH", "LC_*"]
  user             = "shop"
  graceful_timeout = null

  queue {
    size    = 200
    timeout = "5s"
  }
}

site "shop" {
  hosts = ["shop.${var.domain}", upper("www.${var.domain}")]

  access_log {
    format = "dev"
  }

  location "/" {
    pass = pool.shop
  }

  location "/quiet" {
    pass = pool.shop

    access_log {
      enabled = false
    }
  }

  location "/motd" {
    respond {
      body = var.motd
    }
  }

  location "/host" {
    respond {
      body = "this is ${hostname()}"
    }
  }
}
