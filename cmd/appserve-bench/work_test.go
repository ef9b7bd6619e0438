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
	w := work{path: "/x", answer: "right", size: 11}
	for _, c := range []struct {
		status int
		body   string
		want   string
	}{
		{200, "all right..", ""},
		{404, "all right..", "/x answers 404"},
		{200, "right", "/x answers 5 bytes instead of 11"},
		{200, "all wrong..", `/x answers without "right"`},
	} {
		err := w.check(c.status, c.body)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%d %q: %v", c.status, c.body, err)
		}
	}
}
