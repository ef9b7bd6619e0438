package pool

import "github.com/hashicorp/go-hclog"

// workerLog writes lines that name their worker first. (A logger made by With
// would sort the names into the rest.)
type workerLog struct {
	logger hclog.Logger
	pool   string
	seat   int
	pid    int
}

// Log writes a line at a level.
func (l workerLog) Log(level hclog.Level, what string, more ...any) {
	l.logger.Log(level, what, append([]any{"pool", l.pool, "slot", l.seat, "pid", l.pid}, more...)...)
}

// Debug, Info, Warn and Error write a line at their level.
func (l workerLog) Debug(what string, more ...any) { l.Log(hclog.Debug, what, more...) }
func (l workerLog) Info(what string, more ...any)  { l.Log(hclog.Info, what, more...) }
func (l workerLog) Warn(what string, more ...any)  { l.Log(hclog.Warn, what, more...) }
func (l workerLog) Error(what string, more ...any) { l.Log(hclog.Error, what, more...) }
