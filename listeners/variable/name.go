package variable

import (
	"net/textproto"
	"strings"
)

// ID names a request variable. The zero value is none.
type ID uint8

// The request variables of the language, section 9.
const (
	None ID = iota
	RemoteAddr
	RemotePort
	RemoteUser
	Host
	Scheme
	Method
	RequestURI
	Path
	Rest
	Args
	Request
	Protocol
	ServerPort
	Status
	BytesSent
	BodyBytesSent
	RequestLength
	RequestStart
	RequestTime
	QueueTime
	AppTime
	Worker
	Pool
	Upstream
	UpstreamAddr
	UpstreamStatus
	UpstreamTime
	Site
	Location
	RequestID
	Attempts
	TimeLocal
	TimeISO8601
	Reason
	HTTP     // $http_NAME: a field of the request
	SentHTTP // $sent_http_NAME: a field of the response
	Cookie
	Arg
	Match // $match_NAME: a named group of the location's regex
	TLSVersion
	TLSSNI
	TLSClientVerify
	TLSClientSubject
	TLSClientSerial
	TLSClientFingerprint
)

// Lookup finds a variable by the name that stands in the configuration,
// without its dollar. Variables with a free tail end in an underscore.
func Lookup(name string) (ID, bool) {
	for id, n := range names() {
		if n == name && id != 0 {
			return ID(id), true
		}
	}
	return None, false
}

// String is the name of the variable, without its dollar.
func (id ID) String() string {
	if n := names(); int(id) < len(n) {
		return n[id]
	}
	return "unknown"
}

func names() [TLSClientFingerprint + 1]string {
	return [...]string{
		None:       "none",
		RemoteAddr: "remote_addr", RemotePort: "remote_port", RemoteUser: "remote_user",
		Host: "host", Scheme: "scheme", Method: "method", RequestURI: "request_uri",
		Path: "path", Rest: "rest", Args: "args", Request: "request", Protocol: "protocol",
		ServerPort: "server_port", Status: "status", BytesSent: "bytes_sent",
		BodyBytesSent: "body_bytes_sent", RequestLength: "request_length",
		RequestStart: "request_start", RequestTime: "request_time", QueueTime: "queue_time",
		AppTime: "app_time", Worker: "worker", Pool: "pool", Upstream: "upstream",
		UpstreamAddr: "upstream_addr", UpstreamStatus: "upstream_status",
		UpstreamTime: "upstream_time", Site: "site", Location: "location",
		RequestID: "request_id", Attempts: "attempts", TimeLocal: "time_local",
		TimeISO8601: "time_iso8601", Reason: "reason", HTTP: "http_", SentHTTP: "sent_http_",
		Cookie: "cookie_", Arg: "arg_", Match: "match_", TLSVersion: "tls_version",
		TLSSNI: "tls_sni", TLSClientVerify: "tls_client_verify",
		TLSClientSubject: "tls_client_subject", TLSClientSerial: "tls_client_serial",
		TLSClientFingerprint: "tls_client_fingerprint",
	}
}

// headerForm turns the tail of $http_user_agent into the key User-Agent, once
// and not per request. Other tails stay as they are.
func headerForm(id ID, argument string) string {
	if id != HTTP && id != SentHTTP {
		return argument
	}
	return textproto.CanonicalMIMEHeaderKey(strings.ReplaceAll(argument, "_", "-"))
}
