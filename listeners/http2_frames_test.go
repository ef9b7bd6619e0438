package listeners

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"golang.org/x/net/http2"
)

func TestFramesAreFollowedHoweverTheyCome(t *testing.T) {
	var wire bytes.Buffer
	wire.WriteString(preface)
	framer := http2.NewFramer(&wire, nil)
	for range 20 {
		for _, err := range []error{
			framer.WriteSettings(http2.Setting{ID: http2.SettingMaxFrameSize, Val: 1 << 20}),
			framer.WriteData(1, true, make([]byte, 1000)), framer.WriteData(1, false, nil),
			framer.WriteRSTStream(1, http2.ErrCodeCancel), framer.WritePing(false, [8]byte{}),
			framer.WriteRSTStream(3, http2.ErrCodeStreamClosed),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	want := []frameType{settingsFrame, dataFrame, dataFrame, resetFrame, pingFrame, resetFrame}
	for seed := range uint64(50) {
		random := rand.New(rand.NewPCG(seed, 1))
		var kinds []frameType
		var codes []errorCode
		f := frames{before: len(preface), reset: func(c errorCode) { codes = append(codes, c) },
			seen: func(kind frameType, _ byte, _ uint32) { kinds = append(kinds, kind) }}
		for rest := wire.Bytes(); len(rest) > 0; {
			n := min(1+random.IntN(40), len(rest))
			f.feed(rest[:n])
			rest = rest[n:]
			if len(rest) > 0 && rest[0] != 0 && f.between() && len(kinds) == 0 {
				t.Fatal("between frames before the first one")
			}
		}
		if !f.between() || len(kinds) != 20*len(want) {
			t.Fatalf("%d frames, between %t", len(kinds), f.between())
		}
		for i, kind := range kinds {
			if kind != want[i%len(want)] {
				t.Fatalf("frame %d is of type %d", i, kind)
			}
		}
		if len(codes) != 40 || codes[0] != errorCode(http2.ErrCodeCancel) || codes[1] != streamClosed {
			t.Fatalf("codes %v", codes)
		}
	}
}

func TestGoAwayIsAFrame(t *testing.T) {
	f, err := http2.NewFramer(nil, bytes.NewReader(goAway(enhanceYourCalm))).ReadFrame()
	if err != nil {
		t.Fatal(err)
	}
	if away, ok := f.(*http2.GoAwayFrame); !ok || away.ErrCode != http2.ErrCodeEnhanceYourCalm || away.LastStreamID != 0 {
		t.Errorf("got %v", f)
	}
}
