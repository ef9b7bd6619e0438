package main

import (
	"net/http/httptest"
	"strings"
	"testing"
)

func TestAnswerConstant(t *testing.T) {
	w := httptest.NewRecorder()
	answerConstant(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != 200 || w.Body.String() != hello || w.Header().Get("Content-Type") != "text/plain" {
		t.Errorf("%d %q %v", w.Code, w.Body, w.Header())
	}
}

func TestServeConstant_SaysWhyItCannot(t *testing.T) {
	if err := serveConstant("127.0.0.1:no-port"); err == nil || !strings.Contains(err.Error(), "no-port") {
		t.Errorf("%v", err)
	}
}
