package upstreams

import (
	"testing"
	"time"
)

func TestTunnels_EndSilent(t *testing.T) {
	const grace = 100 * time.Millisecond
	all := new(Tunnels)
	quiet, _, quietEnded := tunnelBetween(t, all, time.Hour, time.Hour)
	busy, server, busyEnded := tunnelBetween(t, all, time.Hour, time.Hour)
	busy.send("x") // both run
	server.expect("x")
	all.EndSilent(grace)
	start := time.Now()
	for time.Since(start) < 3*grace {
		busy.send("x")
		server.expect("x") // it carries something, and goes on
		time.Sleep(grace / 20)
	}
	<-quietEnded
	if rest := quiet.rest(); rest != "" {
		t.Errorf("%q", rest)
	}
	<-busyEnded // as soon as it is silent as well
}

// A handshake may have been under way when the hurry began.
func TestTunnels_ALateOneIsInAHurryToo(t *testing.T) {
	all := new(Tunnels)
	all.EndSilent(20 * time.Millisecond)
	_, _, ended := tunnelBetween(t, all, time.Hour, time.Hour)
	<-ended
	if len(all.open) != 0 {
		t.Error("a tunnel that has ended is remembered")
	}
}
