package static

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"testing"

	"github.com/hashicorp/go-hclog"
	"golang.org/x/sys/unix"
)

func TestReasonsForAMiss(t *testing.T) {
	h := &Handler{log: newComplaints(hclog.NewNullLogger(), "", "")}
	for err, want := range map[error]int{
		nil:                              0,
		unix.ENOENT:                      0,
		unix.ENOTDIR:                     0,
		unix.ENAMETOOLONG:                0,
		errNotRegular:                    0,
		errChanged:                       0,
		unix.EACCES:                      0,
		unix.ELOOP:                       0,
		&os.PathError{Err: unix.EPERM}:   0,
		&linkError{}:                     0,
		unix.EMFILE:                      http.StatusServiceUnavailable,
		fmt.Errorf("x: %w", unix.ENFILE): http.StatusServiceUnavailable,
		unix.EIO:                         http.StatusInternalServerError,
		errors.New("else"):               http.StatusInternalServerError,
	} {
		got := h.judge("x", err)
		if (got == nil) != (want == 0) || got != nil && statusOf(got) != want {
			t.Errorf("%v: judged %v, want status %d", err, got, want)
		}
	}
}
