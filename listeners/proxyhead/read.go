// Package proxyhead owns the head that the PROXY protocol puts in front of a
// connection, versions 1 and 2: it takes exactly its bytes off the connection,
// so that whoever serves it gets the connection itself, with sendfile and all.
// It refuses to guess: a connection without a whole head is an error. What the
// bytes mean is go-proxyproto's to say.
package proxyhead

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"

	"github.com/pires/go-proxyproto"
)

// Head is what a proxy says about the connection that it passes on.
type Head struct {
	Client netip.AddrPort // who connected to the proxy; not valid when Local
	Server netip.AddrPort // to what; not valid when Local
	Local  bool           // the proxy speaks for itself (a health check), or cannot say
}

const (
	shortest   = len("PROXY UNKNOWN\r\n")
	longestOne = 107     // of version 1, as the specification counts
	longestTwo = 4 << 10 // what follows the fixed part of version 2; the rest of it are notes nobody reads
	fixedTwo   = 16
)

// ErrNone says that a connection began with something else than a head.
var ErrNone = errors.New("it does not begin with a PROXY head")

// Read takes a head off r, and not a byte more.
func Read(r io.Reader) (Head, error) {
	raw, err := take(r)
	if err != nil {
		return Head{}, err
	}
	parsed, err := proxyproto.Read(bufio.NewReaderSize(bytes.NewReader(raw), len(raw)))
	if err != nil {
		return Head{}, fmt.Errorf("reading the PROXY head: %w", err)
	}
	if parsed.Command.IsLocal() || parsed.TransportProtocol.IsUnspec() {
		return Head{Local: true}, nil
	}
	client, server, ok := parsed.TCPAddrs()
	if !ok {
		return Head{}, fmt.Errorf("reading the PROXY head: it speaks of no TCP connection")
	}
	return Head{Client: addrPort(client), Server: addrPort(server)}, nil
}

func addrPort(a *net.TCPAddr) netip.AddrPort {
	p := a.AddrPort()
	return netip.AddrPortFrom(p.Addr().Unmap(), p.Port())
}

// take reads the bytes of a head. Only the first ones are read at a stroke
// before it is known how long it is.
func take(r io.Reader) ([]byte, error) {
	raw := make([]byte, shortest, longestOne)
	if n, err := io.ReadFull(r, raw); err != nil {
		if !begins(raw[:n]) {
			return nil, ErrNone
		}
		return nil, fmt.Errorf("reading the PROXY head: %w", err)
	}
	switch {
	case bytes.HasPrefix(raw, proxyproto.SIGV2):
		return takeTwo(r, raw)
	case bytes.HasPrefix(raw, []byte("PROXY ")):
		return takeOne(r, raw)
	}
	return nil, ErrNone
}

// begins reports whether what came so far can become a head.
func begins(raw []byte) bool {
	return bytes.HasPrefix([]byte("PROXY "), raw[:min(len(raw), 6)]) ||
		bytes.HasPrefix(proxyproto.SIGV2, raw[:min(len(raw), len(proxyproto.SIGV2))])
}

// takeOne reads up to the end of the line, byte by byte: nothing says how long it is.
func takeOne(r io.Reader, raw []byte) ([]byte, error) {
	for raw[len(raw)-1] != '\n' {
		if len(raw) == longestOne {
			return nil, fmt.Errorf("reading the PROXY head: its line has more than %d bytes", longestOne)
		}
		raw = raw[:len(raw)+1]
		if _, err := io.ReadFull(r, raw[len(raw)-1:]); err != nil {
			return nil, fmt.Errorf("reading the PROXY head: %w", err)
		}
	}
	return raw, nil
}

// takeTwo reads the rest of a binary head, which says its length.
func takeTwo(r io.Reader, raw []byte) ([]byte, error) {
	raw = raw[:fixedTwo]
	if _, err := io.ReadFull(r, raw[shortest:]); err != nil {
		return nil, fmt.Errorf("reading the PROXY head: %w", err)
	}
	size := int(binary.BigEndian.Uint16(raw[fixedTwo-2:]))
	if size > longestTwo {
		return nil, fmt.Errorf("reading the PROXY head: it has %d bytes; %d are the limit", size, longestTwo)
	}
	whole := append(make([]byte, 0, fixedTwo+size), raw...)[:fixedTwo+size]
	if _, err := io.ReadFull(r, whole[fixedTwo:]); err != nil {
		return nil, fmt.Errorf("reading the PROXY head: %w", err)
	}
	return whole, nil
}
