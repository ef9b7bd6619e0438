package h1

import "time"

// Rows are the settings of a listener that hold for a whole connection.
type Rows struct {
	HeaderTimeout    time.Duration // for a whole request head; 0: no limit
	KeepaliveTimeout time.Duration // between two requests; 0: no limit
	SendTimeout      time.Duration // without the client taking anything of a response; 0: no limit
	MaxHeaderSize    int64         // of a request head, in bytes; 0: 1 MiB
	MaxHeaderCount   int           // field lines of a request head; 0: no limit
}

const defaultHeaderSize = 1 << 20

// complete fills in what 0 means.
func (r Rows) complete() Rows {
	if r.MaxHeaderSize <= 0 {
		r.MaxHeaderSize = defaultHeaderSize
	}
	return r
}
