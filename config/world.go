package config

// World is what CheckWorld asks the machine.
type World struct{}

// CheckWorld is the last phase.
func CheckWorld(l *Loaded, w World) {}
