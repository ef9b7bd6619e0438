package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// begunUpload is a request of which only the head and half of the body were sent.
type begunUpload struct {
	*session
	rest []byte
	want string // size and checksum
}

const uploadSize = 300 << 10 // more than fits into a message to a worker

func (s *instance) beginUpload() *begunUpload {
	s.t.Helper()
	body := bytes.Repeat([]byte("appserve"), uploadSize/8)
	u := &begunUpload{session: s.session(), rest: body[uploadSize/2:], want: fmt.Sprintf("%d %x", uploadSize, sha256.Sum256(body))}
	head := fmt.Sprintf("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n", uploadSize)
	if _, err := u.conn.Write(append([]byte(head), body[:uploadSize/2]...)); err != nil {
		s.t.Fatal(err)
	}
	s.awaitMemoryFile() // the body outgrew its first buffer, so the request is in its generation
	return u
}

// awaitMemoryFile waits until the server holds a request body in a file in memory.
func (s *instance) awaitMemoryFile() {
	s.t.Helper()
	eventually(s.t, 20*time.Second, func() string {
		targets := s.descriptorTargets()
		for _, target := range targets {
			if strings.HasPrefix(target, "/memfd:request-body") {
				return ""
			}
		}
		return fmt.Sprintf("no body is held: %v", targets)
	})
}

// finish sends the rest and returns the status and the body of the answer.
func (u *begunUpload) finish() (int, string) {
	u.t.Helper()
	if _, err := u.conn.Write(u.rest); err != nil {
		u.t.Fatal(err)
	}
	return u.answer()
}

// answer reads one answer from the connection.
func (c *session) answer() (int, string) {
	c.t.Helper()
	if err := c.conn.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
		c.t.Fatal(err)
	}
	response, err := http.ReadResponse(c.reader, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

// A request whose body still arrives has not begun in the application: the new
// workers get it.
func TestReload_AnUploadHalfDoneGoesToTheNewWorkers(t *testing.T) {
	t.Parallel()
	s := serveWitness(t)
	upload := s.beginUpload()
	s.reloadLive()
	s.expectGeneration(2)
	if status, body := upload.finish(); status != http.StatusOK || body != upload.want+" generation 2" {
		t.Errorf("the upload got %d %q, want %q of generation 2", status, body, upload.want)
	}
}

// Only a pool that is not there any more serves its late requests itself.
func TestReload_ARemovedPoolServesWhatItHas(t *testing.T) {
	t.Parallel()
	s := serveWitness(t)
	before := s.workers()
	running := s.enter("running")
	upload := s.beginUpload()
	text := s.witness("{ pass = pool.witness }", "{\n    respond {\n      body = \"no pool\"\n    }\n  }")
	s.live(text[:strings.Index(text, "pool ")] + text[strings.Index(text, "site "):])
	s.expect("/generation", http.StatusOK, "no pool")
	if now := s.workers(); fmt.Sprint(now) != fmt.Sprint(before) {
		t.Errorf("workers are %v while the pool has work, want %v", now, before)
	}
	if status, body := upload.finish(); status != http.StatusOK || body != upload.want+" generation 1" {
		t.Errorf("the upload got %d %q, want %q of generation 1", status, body, upload.want)
	}
	s.open("running")
	s.answered(running, "200 generation 1")
	s.waitLog(`retired: pool=witness generation=1 finished=\d+ cut=0`)
	eventually(t, 20*time.Second, func() string {
		if left := s.workers(); len(left) > 0 {
			return fmt.Sprintf("workers %v of the removed pool are left", left)
		}
		return ""
	})
}

// A download to a client that reads slowly ends as it began.
func TestReload_DownloadsHalfDoneEndAsTheyBegan(t *testing.T) {
	t.Parallel()
	const size = 24 << 20
	s := newInstance(t)
	s.write("files/big.bin", strings.Repeat("old bytes", size/9+1)[:size])
	static := strings.Replace(s.witness(), "  location \"/\" {", "  location \"/files\" {\n    static {\n      directory = \"$FOLDER/files\"\n    }\n  }\n  location \"/\" {", 1)
	s.configure(static)
	s.launch(s.command())
	file, wsgi := s.beginDownload("/files/big.bin"), s.beginDownload(fmt.Sprintf("/download?kib=%d", size>>10))

	s.write("files/new.bin", "new bytes")
	if err := os.Rename(filepath.Join(s.folder, "files/new.bin"), filepath.Join(s.folder, "files/big.bin")); err != nil {
		t.Fatal(err)
	}
	s.live(static)
	s.expectGeneration(2)
	s.expect("/files/big.bin", http.StatusOK, "new bytes")

	if got := file.rest(); len(got) != size || !strings.HasPrefix(string(got[size/2:]), "old bytes"[size/2%9:]+"old bytes") {
		t.Errorf("the file came with %d bytes, want %d of the old one", len(got), size)
	}
	if got := wsgi.rest(); len(got) != size || string(got[size-8:]) != fmt.Sprintf("%08d", size>>10-1) {
		t.Errorf("the response came with %d bytes, want %d", len(got), size)
	}
	s.waitLog(`retired: pool=witness generation=1 finished=1 cut=0`)
}

// begunDownload is a response of which the head was read.
type begunDownload struct {
	t        *testing.T
	response *http.Response
}

func (s *instance) beginDownload(path string) *begunDownload {
	s.t.Helper()
	c := s.session()
	if err := c.conn.(*net.TCPConn).SetReadBuffer(64 << 10); err != nil {
		s.t.Fatal(err)
	}
	if _, err := fmt.Fprintf(c.conn, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", path); err != nil {
		s.t.Fatal(err)
	}
	response, err := http.ReadResponse(c.reader, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		s.t.Fatalf("GET %s: %d", path, response.StatusCode)
	}
	return &begunDownload{t: s.t, response: response}
}

// rest reads everything that is still to come.
func (d *begunDownload) rest() []byte {
	d.t.Helper()
	content, err := io.ReadAll(d.response.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	return content
}

// Bodies that begin after a reload go to its spool; those that had begun stay
// in the old one.
func TestReload_ASpoolMovesForNewBodies(t *testing.T) {
	t.Parallel()
	s := serveWitness(t, `processes = 2`, `processes = 1`, `"$FOLDER/spool"`, "\"$FOLDER/spool\"\n  spool_max_size = \"512GiB\"",
		`listeners = [listener.http]`, "listeners = [listener.http]\n  max_body_size = \"512GiB\"")
	old := s.beginSpooling()
	s.awaitSpooled("spool", 1)
	if err := os.Mkdir(filepath.Join(s.folder, "second"), 0o755); err != nil {
		t.Fatal(err)
	}
	s.configure(strings.Replace(s.read("conf.d/main.hcl"), s.folder+"/spool", s.folder+"/second", 1))
	s.reloadLive()
	s.awaitSpooled("spool", 1)
	young := s.beginSpooling()
	s.awaitSpooled("second", 1)
	s.awaitSpooled("spool", 1)
	old.conn.Close()
	s.awaitSpooled("spool", 0)
	young.conn.Close()
	s.awaitSpooled("second", 0)
	s.expectGeneration(2)
}

// beginSpooling announces a body that no memory can hold, and sends a little of it.
func (s *instance) beginSpooling() *session {
	s.t.Helper()
	c := s.session()
	const size = 400 << 30
	if _, err := fmt.Fprintf(c.conn, "POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", size, bytes.Repeat([]byte("x"), 128<<10)); err != nil {
		s.t.Fatal(err)
	}
	return c
}

// awaitSpooled waits until the server holds a number of files in a folder.
func (s *instance) awaitSpooled(folder string, want int) {
	s.t.Helper()
	eventually(s.t, 20*time.Second, func() string {
		found := 0
		targets := s.descriptorTargets()
		for _, target := range targets {
			if strings.HasPrefix(target, filepath.Join(s.folder, folder)+"/") {
				found++
			}
		}
		if found != want {
			return fmt.Sprintf("%d bodies in %s, want %d: %v", found, folder, want, targets)
		}
		return ""
	})
}
