// Package link is the wire between appserve and one worker process: messages
// on unix SEQPACKET pairs, one pair per slot, one for control and one for the
// files of large request bodies.
//
// It owns the sockets (created close-on-exec and non-blocking, each master end
// wrapped once), the frame header and what may stand behind it, the control
// messages, and the descriptors that ride in messages. Package marshal below
// it owns the encoding of environs and heads.
//
// It refuses whatever it does not know: an unknown type or flag, a length that
// does not fit, padding that is not zero, a message that was cut. Such a
// message is a *ProtocolError and the worker that sent it is not listened to
// again; nothing here resynchronises. It knows no requests, no slots' states
// and no processes.
package link
