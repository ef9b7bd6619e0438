package pool

import (
	"errors"
	"fmt"
	"os"
	"strconv"

	"github.com/appserve/appserve/pool/link"
	"golang.org/x/sys/unix"
)

// launcher knows how to start any worker of a pool: everything about a
// process that is the same for all of them.
type launcher struct {
	config      Config
	generation  int
	environment environment
	credential  *Credential
	spawner     Spawner
	interpreter Interpreter
	bootstrap   string // for python -c
	archive     []byte // the worker's code
}

// spec describes a process with the pool's identity that runs program.
func (l *launcher) spec(program string, args, env []string) Spec {
	umask := -1
	if l.config.Umask != nil {
		umask = int(*l.config.Umask)
	}
	return Spec{Path: program, Args: args, Env: env, Dir: "/", Credential: l.credential, Umask: umask}
}

// start starts the process of one worker and returns it with our end of its
// control connection.
func (l *launcher) start(seat int) (Process, *link.Conn, error) {
	conn, theirs, err := link.Pair("control")
	if err != nil {
		return nil, nil, err
	}
	defer theirs.Close()
	code, err := sealed("appserve worker", l.archive)
	if err != nil {
		_ = conn.Close()
		return nil, nil, err
	}
	defer code.Close()
	args := []string{"-c", l.bootstrap, "appserve", "pool=" + l.config.Name, "slot=" + strconv.Itoa(seat)}
	spec := l.spec(l.interpreter.Path, args, l.environment.forWorker(l.config.Name, seat, l.generation))
	spec.Files = []*os.File{theirs, code}
	process, err := l.spawner.Start(spec)
	if err != nil {
		_ = conn.Close()
		return nil, nil, err
	}
	return process, conn, nil
}

// sealed returns content as a file in memory that nobody can change.
func sealed(name string, content []byte) (*os.File, error) {
	file, err := memoryFile(name, content)
	if err != nil {
		return nil, err
	}
	seals := unix.F_SEAL_SEAL | unix.F_SEAL_SHRINK | unix.F_SEAL_GROW | unix.F_SEAL_WRITE
	err = control(file, func(fd uintptr) error {
		_, err := unix.FcntlInt(fd, unix.F_ADD_SEALS, seals)
		return err
	})
	if err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("sealing the worker's code: %w", err)
	}
	return file, nil
}

// memoryFile returns content as a file in memory, at offset 0.
func memoryFile(name string, content []byte) (*os.File, error) {
	fd, err := unix.MemfdCreate(name, unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		return nil, fmt.Errorf("creating a file in memory: %w", err)
	}
	file := os.NewFile(uintptr(fd), name)
	if _, err := file.WriteAt(content, 0); err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("filling a file in memory: %w", err)
	}
	return file, nil
}

// control calls f with a file's descriptor, without changing how it blocks.
func control(file *os.File, f func(fd uintptr) error) error {
	raw, err := file.SyscallConn()
	if err != nil {
		return err
	}
	var inner error
	return errors.Join(raw.Control(func(fd uintptr) { inner = f(fd) }), inner)
}
