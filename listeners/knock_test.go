package listeners

import (
	"io"
	"net"
	"testing"
)

func TestKnockKeepsWhatItSaw(t *testing.T) {
	for said, want := range map[string]bool{
		preface + "and more": true, "GET / HTTP/1.1\r\n": false, "PRI * HTTP/1.1\r\n\r\nSM\r\n": false, "PROPFIND / HTTP/1.1\r\n": false,
	} {
		for name, pair := range map[string]func(*testing.T) (net.Conn, net.Conn){"socket": tcpPair, "pipe": pipePair} {
			client, server := pair(t)
			go func() {
				for i := range said { // byte by byte, as slowly as it gets
					if _, err := client.Write([]byte{said[i]}); err != nil {
						return
					}
				}
				client.Close()
			}()
			nc, is, err := knock(server)
			if err != nil || is != want {
				t.Errorf("%s: %q: %t, %v", name, said, is, err)
				continue
			}
			if heard, err := io.ReadAll(nc); err != nil || string(heard) != said {
				t.Errorf("%s: of %q is left %q, %v", name, said, heard, err)
			}
		}
	}
}

func TestKnockEndsWithTheClient(t *testing.T) {
	for name, pair := range map[string]func(*testing.T) (net.Conn, net.Conn){"socket": tcpPair, "pipe": pipePair} {
		client, server := pair(t)
		client.Close()
		if _, is, err := knock(server); err == nil || is {
			t.Errorf("%s: %t, %v", name, is, err)
		}
	}
}

func pipePair(t *testing.T) (client, server net.Conn) {
	client, server = net.Pipe()
	t.Cleanup(func() { client.Close(); server.Close() })
	return client, server
}

func tcpPair(t *testing.T) (client, server net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if client, err = net.Dial("tcp4", l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if server, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close(); server.Close() })
	return client, server
}
