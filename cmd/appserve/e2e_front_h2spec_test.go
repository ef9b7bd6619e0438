package main

import (
	"fmt"
	"net"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	h2config "github.com/summerwind/h2spec/config"
	h2generic "github.com/summerwind/h2spec/generic"
	h2hpack "github.com/summerwind/h2spec/hpack"
	h2http2 "github.com/summerwind/h2spec/http2"
	h2spec "github.com/summerwind/h2spec/spec"
)

// h2specChosen are the cases of h2spec that the standard library's server
// answers otherwise, each with the sentence of RFC 9113 that lets it. h2spec is
// of RFC 7540, which RFC 9113 replaced.
var h2specChosen = map[string]string{
	"http2/6.5.3/1": `the same setting twice in one frame ends the connection with PROTOCOL_ERROR. RFC 9113, 10.5: "An endpoint MAY treat activity that is ` +
		`suspicious as a connection error (Section 5.4.1) of type ENHANCE_YOUR_CALM"; a frame that sets one value twice is such activity`,
	"http2/8.1.2.2/1": `a connection-specific field is answered with 400 and the end of the stream. RFC 9113, 8.1.1: "For malformed requests, a server MAY ` +
		`send an HTTP response prior to closing or resetting the stream"`,
	"http2/8.1.2.2/2": `a TE field other than "trailers" is answered with 400 and the end of the stream. RFC 9113, 8.1.1: "For malformed requests, a server ` +
		`MAY send an HTTP response prior to closing or resetting the stream"`,
}

// TestFront_H2Spec runs every case of h2spec, the strict ones too, against the
// real binary over TLS.
func TestFront_H2Spec(t *testing.T) {
	t.Parallel()
	s := serveSecure(t)
	host, port, err := net.SplitHostPort(s.address)
	if err != nil {
		t.Fatal(err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	// An application gets a request when its body is whole, so that what is wrong with the body comes to light before there is an answer.
	target := &h2config.Config{Host: host, Port: number, Path: "/app/generation", Timeout: 3 * time.Second, MaxHeaderLen: 4000, Strict: true, TLS: true, Insecure: true}
	target.RunMode("") // builds the table that it looks into, before many do at once
	cases := 0
	t.Run("cases", func(t *testing.T) {
		for _, group := range []*h2spec.TestGroup{h2generic.Spec(), h2http2.Spec(), h2hpack.Spec()} {
			cases += runH2Spec(t, target, group)
		}
	})
	runtime.GC() // it closes the connections on which h2spec asked how long an answer is, and which it only forgot
	if cases < 146 {
		t.Errorf("%d cases, want the 146 of h2spec 2.2.1", cases)
	}
	s.expectStill("/", "hello from the front")
}

// runH2Spec starts the cases of a group beside each other and returns how many there are.
func runH2Spec(t *testing.T, target *h2config.Config, group *h2spec.TestGroup) int {
	t.Helper()
	cases := append(append([]*h2spec.TestCase{}, group.Tests...), group.StrictTests...)
	for i, c := range cases {
		id := fmt.Sprintf("%s/%d", group.ID(), i+1)
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			runH2SpecCase(t, target, c, h2specChosen[id])
		})
	}
	count := len(cases)
	for _, below := range group.Groups {
		count += runH2Spec(t, target, below)
	}
	return count
}

func runH2SpecCase(t *testing.T, target *h2config.Config, c *h2spec.TestCase, chosen string) {
	t.Helper()
	conn, err := h2spec.Dial(target)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	err = c.Run(target, conn)
	switch {
	case err == h2spec.ErrSkipped:
		t.Skip(c.Desc)
	case err != nil && chosen == "":
		t.Errorf("%s\n%s\n%v", c.Desc, strings.TrimSpace(c.Requirement), err)
	case err == nil && chosen != "":
		t.Errorf("%s: passes, its line in h2specChosen can go", c.Desc)
	}
}
