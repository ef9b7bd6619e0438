package upstreams

import (
	"net"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	// The runtime keeps a descriptor of its own from the first socket on.
	if l, err := net.Listen("tcp", "127.0.0.1:0"); err == nil {
		_ = l.Close()
	}
	os.Exit(m.Run())
}

// checkLeaks compares descriptors and goroutines of this room after the test
// with those before. It is called first, so that its check comes last.
func checkLeaks(t testing.TB) {
	t.Helper()
	before := descriptors(t)
	t.Cleanup(func() {
		deadline := time.Now().Add(5 * time.Second)
		for {
			after, stacks := descriptors(t), ourGoroutines()
			if after <= before && stacks == "" {
				return
			}
			if time.Now().After(deadline) {
				t.Errorf("%d descriptors before, %d after; goroutines left:\n%s", before, after, stacks)
				return
			}
			time.Sleep(5 * time.Millisecond)
		}
	})
}

func descriptors(t testing.TB) int {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("no /proc here")
	}
	return len(entries)
}

// ourGoroutines returns the stacks of goroutines that this package started.
func ourGoroutines() string {
	buf := make([]byte, 1<<20)
	buf = buf[:runtime.Stack(buf, true)]
	var ours []string
	for stack := range strings.SplitSeq(string(buf), "\n\n") {
		if strings.Contains(stack, "created by github.com/appserve/appserve/upstreams.(*") {
			ours = append(ours, stack)
		}
	}
	return strings.Join(ours, "\n\n")
}
