package upstreams

import (
	"strings"
	"testing"
	"time"
)

func TestHealth_SetAsideTriedAndBack(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Balance, c.MaxFails, c.FailTimeout = RoundRobin, 2, 10*time.Second }, Server{}, Server{})
	a := b.servers[0]
	b.failed(a)
	b.now = b.now.Add(11 * time.Second) // outside of the window: forgotten
	b.failed(a)
	if got := b.choose(2); got != "ab" {
		t.Errorf("after one failure in the window: %s", got)
	}
	b.failed(a)
	if got := b.choose(3); got != "bbb" {
		t.Errorf("set aside, but chose %s", got)
	}
	b.now = b.now.Add(10 * time.Second)
	if got := b.choose(4); strings.Count(got, "a") != 1 {
		t.Errorf("one request at a time may try it: %s", got)
	}
	b.failed(a)
	if got := b.choose(2); got != "bb" {
		t.Errorf("it failed again, but chose %s", got)
	}
	b.now = b.now.Add(10 * time.Second)
	b.choose(2)
	b.succeeded(a)
	if got := b.choose(4); strings.Count(got, "a") != 2 {
		t.Errorf("it is back, but chose %s", got)
	}
}

func TestHealth_TheLastServerIsNeverGivenUp(t *testing.T) {
	single := newBench(t, nil, Server{})
	for range 5 {
		single.failed(single.servers[0])
	}
	if got := single.choose(2); got != "aa" {
		t.Errorf("a single server: %s", got)
	}
	b := newBench(t, nil, Server{}, Server{Backup: true})
	b.failed(b.servers[0])
	b.failed(b.servers[1])
	if got := b.choose(2); got != "bb" {
		t.Errorf("the last of two: %s", got)
	}
	if s, _ := b.acquire(b.servers[1:]); s != b.servers[0] {
		t.Error("when the last one was tried, those set aside are asked all the same")
	}
}

func TestHealth_NoFailuresCountWithMaxFailsZero(t *testing.T) {
	b := newBench(t, func(c *Config) { c.MaxFails = 0 }, Server{}, Server{})
	b.failed(b.servers[0])
	if got := b.choose(2); got != "ab" {
		t.Errorf("chose %s", got)
	}
}
