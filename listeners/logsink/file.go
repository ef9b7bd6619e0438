package logsink

import (
	"os"
	"syscall"
)

// OpenFile opens a log file for appending and creates it with mode 0640 when
// it is not there. A named pipe that nobody reads is an error, not a wait.
func OpenFile(path string) (File, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE|syscall.O_NONBLOCK, 0o640)
}
