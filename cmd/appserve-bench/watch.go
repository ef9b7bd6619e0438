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
	w := &watch{ending: make(chan struct{}), largest: make(chan int64, 1)}
	for _, p := range srv.processes {
		if p.command.front {
			w.fronts = append(w.fronts, p)
		}
	}
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

// look adds up the RSS of the front's processes. Pages that they share count
// in each.
func (w *watch) look() int64 {
	var sum int64
	for _, p := range w.fronts {
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
