package pool

import (
	"slices"
	"testing"
)

// outcome is how a life of a slot ended.
type outcome struct {
	state   slotState
	settled int // how often the fate of the request was decided
	freed   int
	illegal []slotEvent
}

// live plays events on a slot in a state, as reader, owner and clock do.
func live(state slotState, events []slotEvent) outcome {
	o := outcome{state: state}
	holds := state == slotSent || state == slotRunning
	for _, e := range events {
		before := o.state
		if err := o.state.apply(e); err != nil {
			o.illegal = append(o.illegal, e)
			continue
		}
		if holds && (e == slotEnd || e == slotError || e == slotCancel || e == slotTimeout || e == slotExit) {
			holds = false
			o.settled++
		}
		if o.state == slotFree && before != slotFree {
			o.freed++
		}
	}
	return o
}

func permutations(events []slotEvent) [][]slotEvent {
	if len(events) <= 1 {
		return [][]slotEvent{slices.Clone(events)}
	}
	var all [][]slotEvent
	for i, e := range events {
		rest := slices.Concat(events[:i], events[i+1:])
		for _, p := range permutations(rest) {
			all = append(all, append([]slotEvent{e}, p...))
		}
	}
	return all
}

// Whatever the order of END, DONE, exit, cancel and timeout, a request is
// settled exactly once, the slot is freed at most once, and it ends gone.
func TestSlotState_AllOrders(t *testing.T) {
	events := []slotEvent{slotEnd, slotDone, slotExit, slotCancel, slotTimeout}
	for _, start := range []slotState{slotSent, slotRunning} {
		for _, order := range permutations(events) {
			o := live(start, order)
			if o.state != slotGone {
				t.Errorf("%v %v: ends %v", start, order, o.state)
			}
			if o.settled != 1 {
				t.Errorf("%v %v: settled %d times", start, order, o.settled)
			}
			if o.freed > 1 {
				t.Errorf("%v %v: freed %d times", start, order, o.freed)
			}
		}
	}
}

// Without an exit, a sound worker's messages leave the slot free, whoever
// stops waiting and whenever.
func TestSlotState_SoundWorkerFreesTheSlot(t *testing.T) {
	for _, order := range permutations([]slotEvent{slotHead, slotEnd, slotDone, slotCancel, slotTimeout}) {
		head, end, done := slices.Index(order, slotHead), slices.Index(order, slotEnd), slices.Index(order, slotDone)
		if head > end || end > done {
			continue // no order that a sound worker sends in
		}
		late := func(i int) bool { return order[i] == slotCancel || order[i] == slotTimeout }
		o := live(slotSent, order)
		if len(o.illegal) > 0 || o.state != slotFree || o.freed != 1 {
			t.Errorf("%v: ends %v, freed %d times, illegal %v", order, o.state, o.freed, o.illegal)
		}
		if want := 1; o.settled != want && !late(0) {
			t.Errorf("%v: settled %d times", order, o.settled)
		}
	}
}

// What no sound worker sends is an error in every state in which it may not come.
func TestSlotState_BrokenProtocol(t *testing.T) {
	cases := []struct {
		name   string
		events []slotEvent
		bad    slotEvent
	}{
		{"BODY before HEAD", []slotEvent{slotDispatch}, slotBody},
		{"two HEADs", []slotEvent{slotDispatch, slotHead}, slotHead},
		{"DONE without END", []slotEvent{slotDispatch, slotHead}, slotDone},
		{"DONE at once", []slotEvent{slotDispatch}, slotDone},
		{"two ENDs", []slotEvent{slotDispatch, slotHead, slotEnd}, slotEnd},
		{"BODY after END", []slotEvent{slotDispatch, slotHead, slotEnd}, slotBody},
		{"two DONEs", []slotEvent{slotDispatch, slotHead, slotEnd, slotDone}, slotDone},
		{"HEAD without a request", nil, slotHead},
		{"INFO after HEAD", []slotEvent{slotDispatch, slotHead}, slotInfo},
	}
	for _, c := range cases {
		state := slotFree
		for _, e := range c.events {
			if err := state.apply(e); err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
		}
		before := state
		if err := state.apply(c.bad); err == nil || state != before {
			t.Errorf("%s: went from %v to %v", c.name, before, state)
		}
	}
}

// The table has an entry for everything: a forgotten one would read "free".
func TestSlotState_TableIsComplete(t *testing.T) {
	for s := slotFree; s < slotStates; s++ {
		for e := slotDispatch; e < slotEvents; e++ {
			to := slotMoves[s][e]
			if to == slotFree && !(s == slotFree && (e == slotCancel || e == slotTimeout)) && e != slotDone && e != slotUnsend {
				t.Errorf("%v in %v leads to free", e, s)
			}
			if to > slotIllegal {
				t.Errorf("%v in %v leads to %d", e, s, to)
			}
		}
	}
}
