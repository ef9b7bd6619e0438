package pool

import "fmt"

// slotState is where a slot stands with the first of the requests it may hold,
// the only one that its worker can have begun.
type slotState uint8

// The response can be complete (END) before the slot is free (DONE), and the
// client can be gone before either.
const (
	slotFree      slotState = iota
	slotSent                // the request was sent, nothing came back
	slotRunning             // the head came, the response is being produced
	slotAbandoned           // nobody waits for the response any more; it may still come
	slotClosing             // the response is complete or failed; DONE is awaited
	slotGone                // the process has ended
	slotStates
)

// slotEvent is what can happen to a slot.
type slotEvent uint8

// The events; the first two and the last three do not come from the worker's messages.
const (
	slotDispatch slotEvent = iota
	slotUnsend             // nothing was sent after all, or it was taken back
	slotInfo
	slotHead
	slotBody
	slotEnd
	slotError
	slotDone
	slotCancel
	slotTimeout
	slotExit
	slotEvents
)

// slotIllegal marks what may not happen in a state: a broken protocol when a
// message caused it, a bug otherwise.
const slotIllegal = slotStates

// slotMoves is the transition table. After a cancel or a timeout the worker
// may not know yet, so whatever a sound response still sends is allowed.
var slotMoves = [slotStates][slotEvents]slotState{
	slotFree: {
		slotDispatch: slotSent, slotUnsend: slotIllegal, slotInfo: slotIllegal, slotHead: slotIllegal, slotBody: slotIllegal, slotEnd: slotIllegal,
		slotError: slotIllegal, slotDone: slotIllegal, slotCancel: slotFree, slotTimeout: slotFree, slotExit: slotGone,
	},
	slotSent: {
		slotDispatch: slotIllegal, slotUnsend: slotFree, slotInfo: slotSent, slotHead: slotRunning, slotBody: slotIllegal, slotEnd: slotIllegal,
		slotError: slotClosing, slotDone: slotIllegal, slotCancel: slotAbandoned, slotTimeout: slotAbandoned, slotExit: slotGone,
	},
	slotRunning: {
		slotDispatch: slotIllegal, slotUnsend: slotIllegal, slotInfo: slotIllegal, slotHead: slotIllegal, slotBody: slotRunning, slotEnd: slotClosing,
		slotError: slotClosing, slotDone: slotIllegal, slotCancel: slotAbandoned, slotTimeout: slotAbandoned, slotExit: slotGone,
	},
	slotAbandoned: {
		slotDispatch: slotIllegal, slotUnsend: slotFree, slotInfo: slotAbandoned, slotHead: slotAbandoned, slotBody: slotAbandoned, slotEnd: slotClosing,
		slotError: slotClosing, slotDone: slotFree, slotCancel: slotAbandoned, slotTimeout: slotAbandoned, slotExit: slotGone,
	},
	slotClosing: {
		slotDispatch: slotIllegal, slotUnsend: slotIllegal, slotInfo: slotIllegal, slotHead: slotIllegal, slotBody: slotIllegal, slotEnd: slotIllegal,
		slotError: slotClosing, slotDone: slotFree, slotCancel: slotClosing, slotTimeout: slotClosing, slotExit: slotGone,
	},
	slotGone: {
		slotDispatch: slotIllegal, slotUnsend: slotIllegal, slotInfo: slotIllegal, slotHead: slotIllegal, slotBody: slotIllegal, slotEnd: slotIllegal,
		slotError: slotIllegal, slotDone: slotIllegal, slotCancel: slotGone, slotTimeout: slotGone, slotExit: slotGone,
	},
}

// apply changes the state as the table says. The pool's lock is held.
func (s *slotState) apply(e slotEvent) error {
	to := slotMoves[*s][e]
	if to == slotIllegal {
		return fmt.Errorf("%v while the slot is %v", e, *s)
	}
	*s = to
	return nil
}

// busy says whether the slot holds a request.
func (s slotState) busy() bool { return s != slotFree && s != slotGone }

// String is the state's name for logs and errors.
func (s slotState) String() string {
	names := [slotStates]string{"free", "sent", "running", "abandoned", "closing", "gone"}
	if s < slotStates {
		return names[s]
	}
	return fmt.Sprintf("slot state %d", uint8(s))
}

// String is the event's name for logs and errors.
func (e slotEvent) String() string {
	names := [slotEvents]string{"dispatch", "unsend", "INFO", "HEAD", "BODY", "END", "ERROR", "DONE", "cancel", "timeout", "exit"}
	if e < slotEvents {
		return names[e]
	}
	return fmt.Sprintf("slot event %d", uint8(e))
}
