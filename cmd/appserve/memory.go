package main

import (
	"os"
	"runtime/debug"

	"github.com/appserve/appserve/listeners/body"
)

// boundMemory keeps the garbage collector from being the reason why the
// kernel ends the front: close to the limit of the control group or machine it
// works harder instead. An operator's GOMEMLIMIT wins.
func boundMemory() {
	if _, set := os.LookupEnv("GOMEMLIMIT"); set {
		return
	}
	if memory := body.MachineMemory(); memory > 0 {
		debug.SetMemoryLimit(memory / 10 * 9)
	}
}
