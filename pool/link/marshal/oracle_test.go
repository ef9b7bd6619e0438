package marshal

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"testing"
)

// oracleScript answers two questions for as long as its input lasts: 'L', what
// does marshal.loads make of these bytes (as canonical text); 'D', what does
// marshal.dumps make of this JSON head.
const oracleScript = `
import json, marshal, sys
def canonical(v):
    if isinstance(v, str): return "s" + json.dumps(v)
    if isinstance(v, bytes): return "b" + json.dumps(v.decode("latin-1"))
    if isinstance(v, tuple): return "(" + ",".join(map(canonical, v)) + ")"
    if isinstance(v, list): return "[" + ",".join(map(canonical, v)) + "]"
    if isinstance(v, dict): return "{" + ",".join(canonical(k) + ":" + canonical(v[k]) for k in v) + "}"
    return repr(v)
def answer(kind, data):
    if kind == b"L": return canonical(marshal.loads(data)).encode()
    status, headers = json.loads(data)
    return marshal.dumps((status, [tuple(h) for h in headers]), 2)
i, o = sys.stdin.buffer, sys.stdout.buffer
while True:
    head = i.read(5)
    if not head: break
    data = i.read(int.from_bytes(head[1:], "little"))
    try: out = b"+" + answer(head[:1], data)
    except Exception as e: out = b"-" + repr(e).encode()
    o.write(len(out).to_bytes(4, "little") + out); o.flush()
`

// oracle is one long-lived interpreter that says what Python really does.
type oracle struct {
	in  io.WriteCloser
	out *bufio.Reader
}

func newOracle(t testing.TB, python string) *oracle {
	t.Helper()
	cmd := exec.Command(python, "-c", oracleScript)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("oracle: %v", err)
		}
	})
	return &oracle{in: in, out: bufio.NewReader(out)}
}

// loads returns the canonical text of what marshal.loads makes of b.
func (o *oracle) loads(b []byte) (string, error) {
	answer, err := o.ask('L', b)
	return string(answer), err
}

// dumps returns marshal.dumps((status, headers), 2).
func (o *oracle) dumps(status int, headers [][2]string) ([]byte, error) {
	question, err := json.Marshal([]any{status, headers})
	if err != nil {
		return nil, err
	}
	return o.ask('D', question)
}

func (o *oracle) ask(kind byte, data []byte) ([]byte, error) {
	head := binary.LittleEndian.AppendUint32([]byte{kind}, uint32(len(data)))
	if _, err := o.in.Write(append(head, data...)); err != nil {
		return nil, err
	}
	var size [4]byte
	if _, err := io.ReadFull(o.out, size[:]); err != nil {
		return nil, err
	}
	answer := make([]byte, binary.LittleEndian.Uint32(size[:]))
	if _, err := io.ReadFull(o.out, answer); err != nil {
		return nil, err
	}
	if answer[0] != '+' {
		return nil, fmt.Errorf("python: %s", answer[1:])
	}
	return answer[1:], nil
}
