package main

import (
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"
)

// fakeProcessors records the numbers that are set.
func fakeProcessors(most, current int) (*processors, *[]int) {
	set := []int{}
	return &processors{
		logger: hclog.NewNullLogger(), most: most, current: current, done: make(chan struct{}),
		set: func(n int) { set = append(set, n) },
	}, &set
}

// More processors come when those in use are used up and others are idle,
// fewer when fewer have done for a while.
func TestProcessors_AsManyAsAreOfUse(t *testing.T) {
	for name, c := range map[string]struct {
		most, current int
		share         machineShare
		intervals     int
		want          []int
	}{
		"little to do":                     {8, 1, machineShare{0.1, 7}, 50, nil},
		"one is used up":                   {8, 1, machineShare{0.9, 7}, 1, []int{2}},
		"and more":                         {8, 1, machineShare{7.5, 7}, 9, []int{2, 4, 8}},
		"no more than there are":           {6, 4, machineShare{3.9, 2}, 3, []int{6}},
		"used up, but nobody has any":      {2, 1, machineShare{0.95, 0.1}, 50, nil},
		"most are of use":                  {8, 8, machineShare{3, 4}, 100, nil},
		"two are of use":                   {2, 2, machineShare{1.4, 0.3}, 100, nil},
		"one would do":                     {2, 2, machineShare{0.3, 1}, fewerAfter, []int{1}},
		"not at once":                      {2, 2, machineShare{0.3, 1}, fewerAfter - 1, nil},
		"half of them at a time":           {8, 8, machineShare{0, 8}, 2*fewerAfter + 1, []int{4, 2}},
		"one is enough where all are busy": {2, 2, machineShare{0.9, 0}, fewerAfter, []int{1}},
		"but two are used where they are":  {2, 2, machineShare{1.1, 0}, 100, nil},
		"a single one":                     {1, 1, machineShare{1, 0}, 100, nil},
	} {
		t.Run(name, func(t *testing.T) {
			p, set := fakeProcessors(c.most, c.current)
			for range c.intervals {
				p.adjust(c.share)
			}
			if !slices.Equal(*set, c.want) {
				t.Errorf("set %v, want %v", *set, c.want)
			}
		})
	}
}

// An interval in which they were needed begins the count anew.
func TestProcessors_FewerOnlyInARow(t *testing.T) {
	p, set := fakeProcessors(2, 2)
	for range 10 {
		for range fewerAfter - 1 {
			p.adjust(machineShare{0.1, 1})
		}
		p.adjust(machineShare{1.5, 0.5})
	}
	if len(*set) > 0 {
		t.Errorf("set %v", *set)
	}
}

// A reload has all, and keeps them for as long as any of two lasts.
func TestProcessors_Borrow(t *testing.T) {
	p, set := fakeProcessors(4, 1)
	first, second := p.borrow(), p.borrow()
	first()
	for range 10 * fewerAfter {
		p.adjust(machineShare{0, 4})
	}
	if want := []int{4}; !slices.Equal(*set, want) {
		t.Fatalf("set %v, want %v", *set, want)
	}
	second()
	if want := []int{4, 1}; !slices.Equal(*set, want) {
		t.Errorf("set %v, want %v", *set, want)
	}
}

// What Go found is back when the watch has ended, and one that uses a
// processor up is seen to.
func TestProcessors_WatchThisMachine(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	p := newProcessors(hclog.NewNullLogger())
	if p == nil {
		t.Skip("GOMAXPROCS is set")
	}
	stop := p.start()
	if got := runtime.GOMAXPROCS(0); got != 1 {
		t.Errorf("begins with %d", got)
	}
	stop()
	if got := runtime.GOMAXPROCS(0); got != before {
		t.Errorf("%d processors after the watch, %d before", got, before)
	}
	first := lookAtMachine()
	for time.Since(first.at) < 200*time.Millisecond { // used up
		_ = slices.Max([]int{1, 2, 3})
	}
	share := lookAtMachine().since(first)
	if share.used < 0.05 || share.idle < 0 || share.idle > float64(runtime.NumCPU())+1 {
		t.Errorf("%.2f used, %.2f idle", share.used, share.idle)
	}
}

// An operator's number stays.
func TestProcessors_FixedByTheEnvironment(t *testing.T) {
	t.Setenv("GOMAXPROCS", "3")
	before := runtime.GOMAXPROCS(0)
	p := newProcessors(hclog.NewNullLogger())
	stop := p.start()
	p.borrow()()
	if got := runtime.GOMAXPROCS(0); p != nil || got != before {
		t.Errorf("%v, %d processors", p, got)
	}
	stop()
}

func TestMachineUse_WhatIsNotKnownIsIdle(t *testing.T) {
	now := time.Now()
	earlier := machineUse{at: now, used: time.Second, idle: 1, idleKnown: true}
	later := machineUse{at: now.Add(time.Second), used: 1500 * time.Millisecond, idle: 1.25, idleKnown: true}
	if got, want := later.since(earlier), (machineShare{0.5, 0.25}); got != want {
		t.Errorf("%v, want %v", got, want)
	}
	later.idleKnown = false
	if got, want := later.since(earlier), (machineShare{0.5, float64(runtime.NumCPU())}); got != want {
		t.Errorf("%v, want %v", got, want)
	}
}
