package pool

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestNewEnvironment(t *testing.T) {
	file := filepath.Join(t.TempDir(), "env")
	if err := os.WriteFile(file, []byte("FROM_FILE=file\nBOTH=file\nHOME=/file\nLISTEN_FDS=3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := Config{
		Name: "test", Env: map[string]string{"BOTH": "env", "NOTIFY_SOCKET": "x"}, EnvFile: file,
		InheritEnv: []string{"PATH", "LC_*", "NOTIFY_*", "LISTEN_*", "USER"},
	}
	ours := []string{"PATH=/bin", "LC_ALL=C", "LC_TIME=C", "SECRET=1", "NOTIFY_SOCKET=/run/x", "LISTEN_PID=1", "USER=root", "odd"}
	e, err := newEnvironment(c, ours, &account{changed: true, name: "www", home: "/var/www"})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"APPSERVE_GENERATION=7", "APPSERVE_POOL=test", "APPSERVE_SLOT=2", "BOTH=env", "FROM_FILE=file", "HOME=/file",
		"LC_ALL=C", "LC_TIME=C", "LOGNAME=www", "PATH=/bin", "USER=www",
	}
	if got := e.forWorker("test", 2, 7); !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	if _, set := e["APPSERVE_SLOT"]; set {
		t.Error("one worker's variables are in the next one's")
	}
}

func TestReadDotenv(t *testing.T) {
	file := filepath.Join(t.TempDir(), ".env")
	content := `# comment
PLAIN=value
export EXPORTED = spaced 
EMPTY=
COMMENTED=value # not this
HASH=a#b
SINGLE='a "b" \n $C' # comment
DOUBLE="a 'b' \n\t\"\\\$ \x"
EQUALS=a=b
`
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := readDotenv(file)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"PLAIN": "value", "EXPORTED": "spaced", "EMPTY": "", "COMMENTED": "value", "HASH": "a#b",
		"SINGLE": `a "b" \n $C`, "DOUBLE": "a 'b' \n\t\"\\$ \\x", "EQUALS": "a=b",
	}
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%s is %q, want %q", name, got[name], value)
		}
	}
	if len(got) != len(want) {
		t.Errorf("got %v", got)
	}
}

func TestReadDotenv_Errors(t *testing.T) {
	cases := map[string]string{
		"A=1\nB":       "line 2: want NAME=value",
		"1A=x":         "line 1: want NAME=value",
		"A B=x":        "want NAME=value",
		"A='x":         "single quote is not closed",
		`A="x`:         "double quote is not closed",
		`A="x" y`:      "text after the closing quote",
		"\n\nA='x' 'y": "line 3: A: text after",
	}
	for content, want := range cases {
		file := filepath.Join(t.TempDir(), "env")
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := readDotenv(file); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), file) {
			t.Errorf("%q: %v", content, err)
		}
	}
	if _, err := readDotenv("/nowhere/env"); err == nil || !strings.Contains(err.Error(), "/nowhere/env") {
		t.Errorf("got %v", err)
	}
}
