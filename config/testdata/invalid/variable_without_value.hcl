variable "domain" {} # ERROR: The variable "domain" has no value
