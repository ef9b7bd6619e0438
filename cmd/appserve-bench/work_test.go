package main

import (
	"strings"
	"testing"
)

func TestChooseWorks(t *testing.T) {
	got, err := chooseWorks([]string{"django", "hello"})
	if err != nil || join(got, func(w work) string { return w.name }) != "hello, django" {
		t.Errorf("%+v, %v", got, err)
	}
	if all, err := chooseWorks(nil); err != nil || len(all) != len(works()) {
		t.Errorf("%d works, %v", len(all), err)
	}
	_, err = chooseWorks([]string{"hallo"})
	if err == nil || !strings.Contains(err.Error(), `there is no work "hallo"; there are: hello, 10k`) {
		t.Errorf("%v", err)
	}
}

func TestWork_Check(t *testing.T) {
	plain := work{path: "/x", answer: "right", size: 11}
	coded := work{path: "/x", accept: "gzip, br"}
	http2 := work{path: "/x", streams: 4}
	for _, c := range []struct {
		work             work
		status, protocol int
		coding, body     string
		want             string
	}{
		{plain, 200, 1, "", "all right..", ""},
		{plain, 404, 1, "", "all right..", "/x answers 404"},
		{plain, 200, 1, "", "right", "/x answers 5 bytes instead of 11"},
		{plain, 200, 1, "", "all wrong..", `/x answers without "right"`},
		{coded, 200, 1, "br", "", ""},
		{coded, 200, 1, "", "", `/x has the coding "" instead of one of "gzip, br"`},
		{coded, 200, 1, "zstd", "", `/x has the coding "zstd"`},
		{http2, 200, 2, "", "", ""},
		{http2, 200, 1, "", "", "/x is answered by HTTP/1 instead of HTTP/2"},
	} {
		err := c.work.check(c.status, c.protocol, c.coding, c.body)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
