function "venv" {
  params = [app]
  result = "/srv/${app}"
}
function "venv" { # ERROR: Duplicate function block
  params = [app]
  result = "/opt/${app}"
}
