upstream "classic" { server "a" { address = "127.0.0.1:8000" } } # ERROR: A block on one line cannot hold a block
