package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

// crowd is many connections that were used once and are idle since.
type crowd struct {
	mutex       sync.Mutex
	connections []net.Conn
	err         error // the first one
}

// openers open connections at the same time: enough to be quick, few enough
// not to overflow a backlog.
const openers = 32

// openCrowd opens size connections to address and asks for path on each.
func openCrowd(ctx context.Context, address, path string, size int) (*crowd, error) {
	c := &crowd{}
	turns := make(chan struct{}, size)
	for range size {
		turns <- struct{}{}
	}
	close(turns)
	var all sync.WaitGroup
	for range openers {
		all.Go(func() { c.open(ctx, address, path, turns) })
	}
	all.Wait()
	if c.err != nil {
		c.close()
		return nil, fmt.Errorf("opening %d connections: %w", size, c.err)
	}
	return c, nil
}

// open opens a connection for every turn, until one fails.
func (c *crowd) open(ctx context.Context, address, path string, turns <-chan struct{}) {
	for range turns {
		conn, err := openIdle(ctx, address, path)
		c.mutex.Lock()
		if err != nil && c.err == nil {
			c.err = err
		}
		if err == nil {
			c.connections = append(c.connections, conn)
		}
		failed := c.err != nil
		c.mutex.Unlock()
		if failed {
			return
		}
	}
}

// openIdle connects, sends one request and reads its answer.
func openIdle(ctx context.Context, address, path string) (net.Conn, error) {
	conn, err := (&net.Dialer{Timeout: 10 * time.Second}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	if err := askOn(conn, address, path); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// askOn sends a request on conn and reads the answer to its end.
func askOn(conn net.Conn, address, path string) error {
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", path, address); err != nil {
		return err
	}
	resp, err := http.ReadResponse(bufio.NewReaderSize(conn, 512), nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return err
	}
	if resp.StatusCode != 200 || resp.Close {
		return fmt.Errorf("%s answers %d and keeps the connection: %t", path, resp.StatusCode, !resp.Close)
	}
	return nil
}

// gone is how many connections the server has ended.
func (c *crowd) gone() int {
	n := 0
	var b [1]byte
	for _, conn := range c.connections {
		err := conn.SetReadDeadline(time.Now().Add(time.Microsecond))
		if err == nil {
			_, err = conn.Read(b[:])
		}
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			n++
		}
	}
	return n
}

// close resets the connections: ten thousand that linger would take the ports
// of the next ones.
func (c *crowd) close() {
	for _, conn := range c.connections {
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // it lingers then
		}
		_ = conn.Close() // the server may have been first
	}
}
