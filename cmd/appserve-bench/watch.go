package main

import "time"

// watch follows the memory of a server's front while it is loaded.
type watch struct {
	fronts  []*process
	ending  chan struct{}
	largest chan int64
}

// watchFront starts to look at the front of srv several times a second.
func watchFront(srv *server) *watch {
	w := &watch{fronts: srv.fronts(), ending: make(chan struct{}), largest: make(chan int64, 1)}
	go w.follow()
	return w
}

// follow looks until stop.
func (w *watch) follow() {
	ticker := time.NewTicker(200 * time.Millisecond)
	defer ticker.Stop()
	var largest int64
	for {
		select {
		case <-ticker.C:
			largest = max(largest, w.look())
		case <-w.ending:
			w.largest <- largest
			return
		}
	}
}

// stop ends the watch and returns the largest RSS seen, in bytes.
func (w *watch) stop() int64 {
	close(w.ending)
	return <-w.largest
}

// look adds up the RSS of the front's processes.
func (w *watch) look() int64 { return sizeOf(w.fronts) }

// frontSize is the RSS of the front of srv now, in bytes.
func frontSize(srv *server) int64 { return sizeOf(srv.fronts()) }

// sizeOf adds up the RSS of processes. Pages that they share count in each.
func sizeOf(fronts []*process) int64 {
	var sum int64
	for _, p := range fronts {
		root := p.cmd.Process.Pid
		pids := []int{root}
		if p.command.tree {
			table, err := readProcesses("/proc")
			if err != nil {
				continue
			}
			pids = table.tree(root)
		}
		for _, pid := range pids {
			sum += residentSize(pid)
		}
	}
	return sum
}
