package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// echoUpgraded is a server that says yes to every upgrade and then sends back
// each line, until it has sent "bye".
func echoUpgraded(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, stream, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
		for line := ""; line != "bye\n"; {
			if line, err = stream.ReadString('\n'); err != nil {
				return
			}
			_, _ = io.WriteString(conn, line)
		}
	})}
	go func() { _ = server.Serve(listener) }() // ends when the server is closed
	t.Cleanup(func() { server.Close() })
	return listener.Addr().String()
}

// A tunnel belongs to the two who speak through it: it outlives its
// generation, its upstream and its listener.
func TestReload_ATunnelLivesOn(t *testing.T) {
	t.Parallel()
	s, tunnel := serveTunnel(t)
	tunnel.expectEcho("before")
	s.live(responding(2, "", ""))
	tunnel.expectEcho("after the listener and the upstream are gone")
	s.live(responding(3, "", ""))
	tunnel.expectEcho("and after one more")
	tunnel.expectEcho("bye")
	tunnel.expectEnd()
}

// A stop waits for a tunnel that carries something, and not for a silent one,
// although its generation and its upstream are long gone.
func TestLife_AStopEndsSilentTunnels(t *testing.T) {
	t.Parallel()
	s, tunnel := serveTunnel(t)
	tunnel.expectEcho("before")
	s.live(responding(2, "", ""))
	s.signal(syscall.SIGTERM)
	s.waitLog(`appserve: stopping`)
	began := time.Now()
	for time.Since(began) < tunnelGrace+2*time.Second {
		tunnel.expectEcho("while it stops")
		time.Sleep(tunnelGrace / 20)
	}
	silent := time.Now()
	if code := s.waitExit(stopLimit); code != exitStopped {
		t.Errorf("exit code %d", code)
	}
	if took := time.Since(silent); took > 20*time.Second { // shutdown_timeout is 30 s
		t.Errorf("it stopped %s after the last byte", took)
	}
	if strings.Contains(s.log.text(), "requests were cut") {
		t.Errorf("it was cut:\n%s", s.log.text())
	}
}

// serveTunnel serves, with one connection that was upgraded.
func serveTunnel(t *testing.T) (*instance, *session) {
	t.Helper()
	upstream := fmt.Sprintf("upstream \"echo\" {\n  server \"one\" { address = %q }\n}\n"+
		"site \"echo\" {\n  listeners = [listener.echo]\n  hosts = [\"echo\"]\n  location \"/\" { pass = upstream.echo }\n}\n", echoUpgraded(t))
	address := freeAddress(t)
	s := serveResponding(t, responding(1, "listener \"echo\" {\n  address = \""+address+"\"\n}\n", upstream))
	tunnel := s.dial("tcp", address)
	if _, err := io.WriteString(tunnel.conn, "GET / HTTP/1.1\r\nHost: echo\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(tunnel.reader, nil)
	if err != nil || response.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("%v, %v; want an upgrade", response, err)
	}
	return s, tunnel
}

func (c *session) expectEcho(line string) {
	c.t.Helper()
	if err := c.conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		c.t.Fatal(err)
	}
	if _, err := io.WriteString(c.conn, line+"\n"); err != nil {
		c.t.Fatal(err)
	}
	if got, err := c.reader.ReadString('\n'); err != nil || got != line+"\n" {
		c.t.Fatalf("through the tunnel came %q, %v; want %q", got, err, line)
	}
}

// A HUP that comes before appserve serves makes it reload as soon as it does.
func TestReload_AHangupDuringTheStartIsNotLost(t *testing.T) {
	t.Parallel()
	s := newInstance(t)
	s.configure(s.witness("processes = 2", "processes = 1"))
	s.start()
	s.waitLog(`appserve: starting`)
	s.signal(syscall.SIGHUP)
	s.waitLog(`reload 1: live`)
	s.expectGeneration(2)
}

// The pid file is where the live configuration says.
func TestReload_ThePIDFileFollows(t *testing.T) {
	t.Parallel()
	with := func(number int, name string) string {
		return strings.Replace(responding(number, "", ""), "appserve {", "appserve {\n  pid_file = \"$FOLDER/run/"+name+"\"", 1)
	}
	s := serveResponding(t, with(1, "first.pid"))
	want := fmt.Sprintf("%d\n", s.process.Process.Pid)
	s.waitFile("run/first.pid", want)
	s.live(with(2, "second.pid"))
	s.waitFile("run/second.pid", want)
	if _, err := os.Stat(filepath.Join(s.folder, "run/first.pid")); !os.IsNotExist(err) {
		t.Errorf("the first pid file is still there, or %v", err)
	}
	s.live(responding(3, "", ""))
	if files, _ := filepath.Glob(filepath.Join(s.folder, "run", "*")); len(files) > 0 {
		t.Errorf("no pid file is configured, and there is %v", files)
	}
	s.live(with(4, "second.pid"))
}
