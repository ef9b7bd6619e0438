package main

import (
	"fmt"
	"syscall"
)

// descriptorsPerIdle is how many descriptors the limit allows for each idle
// connection of a load: appserve takes four fifths of the limit, and there are
// the loaded ones.
const descriptorsPerIdle = 1.5

// raiseDescriptorLimit raises the limit as far as it goes without rights, for
// this process and for the servers it starts (the Go runtime alone raises it
// for itself and lowers it for them), and returns it.
func raiseDescriptorLimit() (uint64, error) {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return 0, fmt.Errorf("reading the limit of open files: %w", err)
	}
	limit.Cur = limit.Max
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return 0, fmt.Errorf("raising the limit of open files: %w", err)
	}
	return limit.Cur, nil
}
