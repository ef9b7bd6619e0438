package link

import (
	"encoding/binary"
	"fmt"
)

// Type is the first byte of a message on a slot.
type Type uint8

// The types of the stages built so far; runtime.md section 2 lists all.
const (
	TypeRequest Type = 0x01 // to the worker: u32 n, n bytes of marshalled (known values..., dict of the rest), inline body
	TypeHead    Type = 0x81 // u32 n, n bytes of marshalled (status, headers), then body
	TypeBody    Type = 0x82 // bytes
	TypeDone    Type = 0x83 // u32 thread CPU microseconds
	TypeInfo    Type = 0x84 // u16 status, headers
	TypeError   Type = 0x87 // u8 phase, traceback
)

// Flags of a REQUEST.
const (
	FlagBodyFD   uint8 = 1 // the body is a file, which was sent before on the worker's connection for bodies
	FlagHeadOnly uint8 = 4 // the client wants no body
	// FlagIdentified: the values of Host and of the fields that appserve sets are among the known ones.
	FlagIdentified uint8 = 16
)

// Flags of the worker's messages.
const (
	FlagLast uint8 = 1 // the response is complete
	FlagDone uint8 = 2 // the slot is free
)

// Phases of an ERROR.
const (
	PhaseBeforeHead uint8 = 1
	PhaseAfterHead  uint8 = 2
	PhaseContract   uint8 = 3 // the application broke its interface's contract
)

// Sizes in bytes.
const (
	HeaderSize     = 8
	MaxRequest     = 160 << 10 // a REQUEST with its header; larger ones need FlagBodyFD
	MaxInlineBody  = 64 << 10
	MaxTraceback   = 64 << 10
	ReceiveBuffer  = 256 << 10 // what a receiver offers: a message that does not fit is cut by the kernel
	maxFromWorker  = 200 << 10 // a message with its header
	sendBufferSize = 1 << 20
)

// Frame is one message of a slot. Payload shares the receiver's buffer.
type Frame struct {
	Type    Type
	Flags   uint8
	ID      uint32
	Payload []byte
}

// Last says whether the response is complete with this frame.
func (f Frame) Last() bool {
	return f.Flags&FlagLast != 0 && (f.Type == TypeHead || f.Type == TypeBody)
}

// Done says whether the slot is free after this frame.
func (f Frame) Done() bool { return f.Type == TypeDone || f.Flags&FlagDone != 0 }

// AppendHeader appends the eight bytes that start every message.
func AppendHeader(b []byte, t Type, flags uint8, id uint32) []byte {
	b = append(b, byte(t), flags, 0, 0)
	return binary.LittleEndian.AppendUint32(b, id)
}

// SetID writes the id into a message that was built before its id was known.
func SetID(message []byte, id uint32) { binary.LittleEndian.PutUint32(message[4:], id) }

// SetFlags replaces the flags of a message that was built before they were known.
func SetFlags(message []byte, flags uint8) { message[1] = flags }

// ParseFrame reads one message of a worker. Whatever the bytes are, it returns
// a frame that is sound in itself or a *ProtocolError.
func ParseFrame(b []byte) (Frame, error) {
	if len(b) < HeaderSize {
		return Frame{}, protocolError("a message of %d bytes", b, len(b))
	}
	if len(b) > maxFromWorker {
		return Frame{}, protocolError("a message of %d bytes, the limit is %d", b, len(b), maxFromWorker)
	}
	f := Frame{Type: Type(b[0]), Flags: b[1], ID: binary.LittleEndian.Uint32(b[4:]), Payload: b[HeaderSize:]}
	if b[2] != 0 || b[3] != 0 {
		return Frame{}, protocolError("padding that is not zero", b)
	}
	allowed, known := f.Type.flags()
	if !known {
		return Frame{}, protocolError("unknown type %#02x", b, b[0])
	}
	if f.Flags&^allowed != 0 {
		return Frame{}, protocolError("unknown flags %#02x of %v", b, b[1], f.Type)
	}
	if what := f.check(); what != "" {
		return Frame{}, protocolError("%v with %s", b, f.Type, what)
	}
	return f, nil
}

// flags returns the flags that a message of a worker may carry.
func (t Type) flags() (allowed uint8, known bool) {
	switch t {
	case TypeHead, TypeBody:
		return FlagLast | FlagDone, true
	case TypeError:
		return FlagDone, true
	case TypeDone, TypeInfo:
		return 0, true
	}
	return 0, false
}

// check looks at the lengths inside a payload; "" when they are sound.
func (f Frame) check() string {
	n := len(f.Payload)
	switch f.Type {
	case TypeHead:
		if n < 4 || int64(binary.LittleEndian.Uint32(f.Payload)) > int64(n-4) {
			return "a length that does not fit"
		}
	case TypeDone:
		if n != 4 {
			return fmt.Sprintf("a payload of %d bytes", n)
		}
	case TypeInfo:
		if n < 6 || int64(binary.LittleEndian.Uint32(f.Payload[2:])) != int64(n-6) {
			return "a length that does not fit"
		}
	case TypeError:
		if n < 1 || n > 1+MaxTraceback || f.Payload[0] < PhaseBeforeHead || f.Payload[0] > PhaseContract {
			return "a bad phase or length"
		}
	}
	if (f.Type == TypeHead || f.Type == TypeBody) && f.Flags == FlagDone {
		return "DONE but not LAST"
	}
	return ""
}

// Head splits a HEAD's payload into the marshalled head and the body behind it.
func (f Frame) Head() (head, body []byte) {
	n := binary.LittleEndian.Uint32(f.Payload)
	return f.Payload[4 : 4+n], f.Payload[4+n:]
}

// Info splits an INFO's payload into its status and the marshalled headers.
func (f Frame) Info() (status int, headers []byte) {
	return int(binary.LittleEndian.Uint16(f.Payload)), f.Payload[6:]
}

// Error splits an ERROR's payload into its phase and the traceback.
func (f Frame) Error() (phase uint8, traceback string) {
	return f.Payload[0], string(f.Payload[1:])
}

// String is the type's name in runtime.md.
func (t Type) String() string {
	switch t {
	case TypeRequest:
		return "REQUEST"
	case TypeHead:
		return "HEAD"
	case TypeBody:
		return "BODY"
	case TypeDone:
		return "DONE"
	case TypeInfo:
		return "INFO"
	case TypeError:
		return "ERROR"
	}
	return fmt.Sprintf("type %#02x", uint8(t))
}
