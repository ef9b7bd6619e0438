package pool

import "testing"

func TestWorkerState_Move(t *testing.T) {
	legal := map[[2]workerState]bool{
		{workerStarting, workerBooting}: true, {workerStarting, workerClosing}: true, {workerStarting, workerDead}: true,
		{workerBooting, workerReady}: true, {workerBooting, workerClosing}: true, {workerBooting, workerDead}: true,
		{workerReady, workerDraining}: true, {workerReady, workerClosing}: true, {workerReady, workerDead}: true,
		{workerDraining, workerClosing}: true, {workerDraining, workerDead}: true, {workerClosing, workerDead}: true,
	}
	for from := workerStarting; from < workerStates; from++ {
		for to := workerStarting; to < workerStates; to++ {
			state := from
			err := state.move(from, to)
			if want := legal[[2]workerState{from, to}]; (err == nil) != want {
				t.Errorf("%v to %v: %v", from, to, err)
			}
			if err != nil && state != from {
				t.Errorf("%v to %v: refused but moved to %v", from, to, state)
			}
		}
	}
	state := workerDraining
	if err := state.move(workerReady, workerDraining); err == nil || state != workerDraining {
		t.Errorf("moved from a state it was not in: %v", err)
	}
}
