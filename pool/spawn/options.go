package spawn

import "github.com/hashicorp/go-hclog"

// Options are the outside world of a Spawner. The zero value is right for a server.
type Options struct {
	// Logger names the processes that outlived the one which started them;
	// nil: nobody is told. Its writer must not block.
	Logger hclog.Logger
	// LeaveOrphans keeps the hands off orphans: appserve does not become a
	// child subreaper, and adopts, reaps and ends nothing it did not start.
	// For tests that run several spawners beside each other in one process.
	LeaveOrphans bool
}
