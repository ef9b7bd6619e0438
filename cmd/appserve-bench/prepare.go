package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

// newBench finds out what can be compared, and writes what is needed into dir.
func newBench(ctx context.Context, o options, dir string, progress io.Writer) (*bench, error) {
	b := &bench{options: o, dir: dir, programs: programs{}, progress: progress}
	b.report = report{Rounds: o.rounds, Duration: o.duration.String(), Workers: o.workers}
	var worksErr, peersErr error
	b.works, worksErr = chooseWorks(o.works)
	b.peers, peersErr = choosePeers(o.peers)
	if err := errors.Join(worksErr, peersErr); err != nil {
		return nil, err
	}
	if err := b.findAppserve(ctx); err != nil {
		return nil, err
	}
	limit, err := raiseDescriptorLimit()
	if err != nil {
		return nil, err
	}
	b.leaveOutWhatIsMissing(ctx)
	b.leaveOutWorks(limit)
	if len(b.works) == 0 {
		return nil, fmt.Errorf("nothing to compare: %s", join(b.report.LeftOut, leftOut.String))
	}
	if b.shared, err = prepareShared(dir); err != nil {
		return nil, err
	}
	if b.asker.trust, err = readTrust(b.shared); err != nil {
		return nil, err
	}
	script := filepath.Join(b.shared, "upload.lua")
	if err := os.WriteFile(script, []byte(uploadScript(mib)), 0o644); err != nil {
		return nil, fmt.Errorf("writing the upload script: %w", err)
	}
	b.meter = meter{
		connections: o.connections,
		loader: loader{
			wrk: b.programs["wrk"], h2load: b.programs["h2load"], threads: o.threads, duration: o.duration,
			script: script, requestLog: filepath.Join(dir, "requests"),
		},
	}
	b.report.Machine = describeMachine(ctx, b.programs, o.python)
	return b, nil
}

// findAppserve takes the binary that was named, or builds it from this module.
func (b *bench) findAppserve(ctx context.Context) error {
	if !slices.ContainsFunc(b.peers, func(p peer) bool { return p.name == reference }) {
		return nil
	}
	path, err := filepath.Abs(b.options.appserve)
	if err != nil {
		return fmt.Errorf("finding %s: %w", b.options.appserve, err)
	}
	if b.options.appserve == "" {
		path = filepath.Join(b.dir, "appserve")
		fmt.Fprintln(b.progress, "building appserve")
		build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", path, "github.com/appserve/appserve/cmd/appserve")
		if out, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("building appserve: %w\n%s", err, out)
		}
	}
	b.programs["appserve"] = path
	return nil
}

// leaveOutWhatIsMissing drops peers whose programs are not installed, and
// works whose modules are not.
func (b *bench) leaveOutWhatIsMissing(ctx context.Context) {
	b.peers = slices.DeleteFunc(b.peers, func(p peer) bool {
		for _, name := range p.needs {
			if b.programs[name] != "" {
				continue
			}
			path, err := findProgram(name, b.options.python)
			if err != nil {
				b.leave(p.name, err.Error())
				return true
			}
			b.programs[name] = path
		}
		return false
	})
	for _, module := range []string{"sys", "django"} {
		if err := exec.CommandContext(ctx, b.options.python, "-c", "import "+module).Run(); err != nil {
			b.leaveSites(func(s site) bool { return s == djangoSite || module == "sys" && s.module() != "" }, fmt.Sprintf("%s -c 'import %s': %v (make bench-deps)", b.options.python, module, err))
		}
	}
}

// leaveSites drops the works of some sites.
func (b *bench) leaveSites(some func(site) bool, reason string) {
	b.works = slices.DeleteFunc(b.works, func(w work) bool {
		if some(w.site) {
			b.leave(w.name, reason)
		}
		return some(w.site)
	})
}

// leaveOutWorks drops the works whose loader is not installed, and those that
// need more than limit open files.
func (b *bench) leaveOutWorks(limit uint64) {
	b.works = slices.DeleteFunc(b.works, func(w work) bool {
		path, err := findProgram(w.loader(), b.options.python)
		if need := uint64(float64(w.idle) * descriptorsPerIdle); err == nil && need > limit {
			err = fmt.Errorf("it needs %d open files and the limit is %d (ulimit -Hn)", need, limit)
		}
		if err != nil {
			b.leave(w.name, err.Error())
			return true
		}
		b.programs[w.loader()] = path
		return false
	})
}

// leave says and notes that something does not run.
func (b *bench) leave(name, reason string) {
	fmt.Fprintf(b.progress, "left out: %s: %s\n", name, reason)
	b.report.leave(name, reason)
}
